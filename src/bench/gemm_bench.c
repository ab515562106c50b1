#include "bench/gemm_bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench/fma_peak.h"
#include "bench/measurement.h"
#include "bench/timing.h"
#include "core/memory.h"
#include "network/gemm.h"

static const double PEAK_SECONDS = 0.1;

/* c = a b */
typedef struct product {
    tml_matrix a, b, c;
} product;

static void multiply(void *context)
{
    const product *p = context;

    tml_gemm(p->a, p->b, false, p->c);
}

static void add_product(tml_bench_setting *setting, const char *layer, const char *pass, product p,
                        tml_bench_figures *figures)
{
    double seconds[TML_BENCH_REPEATS];
    char name[TML_BENCH_NAME];
    double work = 2e-9 * (double)p.c.rows * (double)p.c.columns * (double)p.a.columns;

    snprintf(name, sizeof name, "gemm.%s.%s", layer, pass);
    snprintf(setting->shape, sizeof setting->shape, "%zu x %zu x %zu", p.a.rows, p.a.columns, p.b.columns);
    tml_time_calls(multiply, &p, setting->repeats, seconds);
    for (size_t r = 0; r < setting->repeats; ++r)
        seconds[r] = work / seconds[r];
    tml_bench_add_series(figures, setting, name, "GFLOP/s", seconds, setting->repeats);
}

/* Rows, depth and columns of a layer's forward product. */
static tml_status measure_layer(tml_bench_setting *setting, const tml_layer *layer,
                                tml_bench_figures *figures, tml_error *error)
{
    size_t rows = setting->lane * layer->out.positions;
    size_t depth = layer->in.channels * (layer->kind == TML_LAYER_CONVOLUTION ? layer->window : 1);
    size_t columns = layer->out.channels;
    float *numbers = NULL;
    product p;
    tml_matrix in, kernel, out;
    tml_status status = tml_array_create(rows * depth + depth * columns + rows * columns, sizeof *numbers,
                                         "the matrices", &numbers, error);

    if (status != TML_OK)
        return status;
    for (size_t i = 0; i < rows * depth + depth * columns + rows * columns; ++i)
        numbers[i] = (float)(i % 17) * 0.125F - 1.0F;
    in = tml_matrix_of(numbers, rows, depth);
    kernel = tml_matrix_of(numbers + rows * depth, depth, columns);
    out = tml_matrix_of(numbers + rows * depth + depth * columns, rows, columns);
    p = (product){in, kernel, out};
    add_product(setting, layer->name, "forward", p, figures);
    p = (product){out, tml_matrix_transposed(kernel), in};
    add_product(setting, layer->name, "input", p, figures);
    p = (product){tml_matrix_transposed(in), out, kernel};
    add_product(setting, layer->name, "weights", p, figures);
    free(numbers);
    return TML_OK;
}

static bool is_product(const tml_layer *layer)
{
    return layer->kind == TML_LAYER_CONVOLUTION || layer->kind == TML_LAYER_DENSE ||
           layer->kind == TML_LAYER_PROJECTION;
}

tml_status tml_bench_gemm(const tml_world *world, const tml_step_request *request, tml_bench_figures *figures,
                          tml_error *error)
{
    tml_architecture architecture = tml_settings_architecture(request->settings, request->wavelengths);
    tml_bench_setting setting = tml_bench_setting_of(world, request->settings, NULL, request->repeats);
    tml_network *network = NULL;
    tml_status status = tml_array_create(1, sizeof *network, "a network", &network, error);

    setting.ranks = 1;
    setting.threads = 1;
    setting.batch = setting.lane;
    setting.reduction = NULL;
    if (status == TML_OK)
        status = tml_network_lay_out(&architecture, network, error);
    if (status == TML_OK)
        tml_bench_add(figures, &setting, "fma_peak", "GFLOP/s", tml_fma_peak(1, PEAK_SECONDS));
    for (size_t i = 0; status == TML_OK && i < network->layer_count; ++i)
        if (is_product(&network->layer[i]))
            status = measure_layer(&setting, &network->layer[i], figures, error);
    free(network);
    return status;
}
