#include "network/gemm.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>

#include <blis.h>

tml_matrix tml_matrix_of(const tml_real *data, size_t rows, size_t columns)
{
    /* One type serves for operands and results; who may write is stated where the view is used. */
    union {
        const tml_real *read_only;
        tml_real *plain;
    } alias = {data};
    tml_matrix matrix = {alias.plain, rows, columns, columns, 1};

    return matrix;
}

tml_matrix tml_matrix_transposed(tml_matrix matrix)
{
    tml_matrix turned = {matrix.data, matrix.columns, matrix.rows, matrix.column_stride, matrix.row_stride};

    return turned;
}

static void multiply(tml_matrix a, tml_matrix b, bool add, bool is_packed, tml_matrix c)
{
    tml_real one = 1;
    tml_real beta = add ? 1 : 0;
    rntm_t one_thread;

    assert(a.rows == c.rows && b.columns == c.columns && a.columns == b.rows);
    bli_rntm_init(&one_thread);
    bli_rntm_set_num_threads(1, &one_thread);
    if (is_packed)
        bli_rntm_disable_l3_sup(&one_thread);
#ifdef TML_REAL_IS_DOUBLE
    bli_dgemm_ex(
#else
    bli_sgemm_ex(
#endif
        BLIS_NO_TRANSPOSE, BLIS_NO_TRANSPOSE, (dim_t)c.rows, (dim_t)c.columns, (dim_t)a.columns, &one, a.data,
        (inc_t)a.row_stride, (inc_t)a.column_stride, b.data, (inc_t)b.row_stride, (inc_t)b.column_stride,
        &beta, c.data, (inc_t)c.row_stride, (inc_t)c.column_stride, NULL, &one_thread);
}

#ifdef TML_REAL_IS_DOUBLE
typedef dgemm_ukr_ft blis_kernel;
static const num_t kernel_type = BLIS_DOUBLE;
#else
typedef sgemm_ukr_ft blis_kernel;
static const num_t kernel_type = BLIS_FLOAT;
#endif

void tml_gemm(tml_matrix a, tml_matrix b, bool add, tml_matrix c)
{
    multiply(a, b, add, false, c);
}

void tml_gemm_rows(bool is_steady, tml_matrix a, tml_matrix b, tml_matrix c)
{
    /* Packed products compute whole tiles, filled up with zeros, and add along k in blocks of one length. The
     * forms for small matrices have kernels of their own for each remainder of the rows. */
    multiply(a, b, false, is_steady, c);
}

/* The kernel wants the rows or the columns of c contiguous. Here it is always the rows, so for the second
 * kind left and right change places. */
static cntx_t *kernel_context(bool *prefers_rows)
{
    cntx_t *context;

    bli_init();
    context = bli_gks_query_cntx();
    *prefers_rows = bli_cntx_l3_nat_ukr_prefers_rows_dt(kernel_type, BLIS_GEMM_UKR, context);
    return context;
}

tml_panel_widths tml_gemm_panel_widths(void)
{
    bool prefers_rows;
    cntx_t *context = kernel_context(&prefers_rows);
    size_t rows = (size_t)bli_cntx_get_blksz_def_dt(kernel_type, BLIS_MR, context);
    size_t columns = (size_t)bli_cntx_get_blksz_def_dt(kernel_type, BLIS_NR, context);
    tml_panel_widths widths = {prefers_rows ? rows : columns, prefers_rows ? columns : rows};

    return widths;
}

enum { SHALLOW = 64, BLOCK = 96 };

/* What all tiles of a product have in common. */
typedef struct tile_job {
    blis_kernel run;
    cntx_t *context;
    bool prefers_rows;
    tml_panel_widths widths;
    size_t depth;
    inc_t pitch;
    tml_real beta;
} tile_job;

/* BLIS hands functions out as pointers to data. */
static blis_kernel kernel_of(cntx_t *context)
{
    union {
        void_fp data;
        blis_kernel function;
    } pointer = {bli_cntx_get_l3_nat_ukr_dt(kernel_type, BLIS_GEMM_UKR, context)};

    return pointer.function;
}

/* A tile at the right or the lower edge has fewer rows or columns; the kernel sees to it. Sums are formed in
 * blocks of the depth: their rounding errors grow with the root of the block, not of the whole. */
static void multiply_tile(tile_job *job, size_t rows, size_t columns, tml_real *left, tml_real *right,
                          tml_real *out)
{
    tml_real one = 1;
    dim_t m = (dim_t)(rows < job->widths.left ? rows : job->widths.left);
    dim_t n = (dim_t)(columns < job->widths.right ? columns : job->widths.right);
    tml_real beta = job->beta;
    auxinfo_t hints = {0};

    for (size_t first = 0; first < job->depth; first += BLOCK, beta = 1) {
        dim_t depth = (dim_t)(job->depth - first < BLOCK ? job->depth - first : BLOCK);
        tml_real *a = left + first * job->widths.left;
        tml_real *b = right + first * job->widths.right;

        bli_auxinfo_set_next_a(job->prefers_rows ? a : b, &hints);
        bli_auxinfo_set_next_b(job->prefers_rows ? b : a, &hints);
        if (job->prefers_rows)
            job->run(m, n, depth, &one, a, b, &beta, out, job->pitch, 1, &hints, job->context);
        else
            job->run(n, m, depth, &one, b, a, &beta, out, 1, job->pitch, &hints, job->context);
    }
}

void tml_gemm_panels(size_t rows, size_t columns, size_t depth, const tml_real *left, const tml_real *right,
                     bool add, tml_real *out, size_t pitch)
{
    tile_job job = {
        .widths = tml_gemm_panel_widths(), .depth = depth, .pitch = (inc_t)pitch, .beta = add ? 1 : 0};
    size_t high = job.widths.left;
    size_t wide = job.widths.right;
    /* BLIS has no const; the operands are only read. */
    tml_real *a = tml_matrix_of(left, 1, 1).data;
    tml_real *b = tml_matrix_of(right, 1, 1).data;

    assert((uintptr_t)right % 64 == 0);
    job.context = kernel_context(&job.prefers_rows);
    job.run = kernel_of(job.context);
    if (depth < SHALLOW) /* little work per number of c: write its rows one after another */
        for (size_t i = 0; i < rows; i += high)
            for (size_t j = 0; j < columns; j += wide)
                multiply_tile(&job, rows - i, columns - j, a + i * depth, b + j * depth, out + i * pitch + j);
    else /* a stripe stays in the first cache while the panels pass */
        for (size_t j = 0; j < columns; j += wide)
            for (size_t i = 0; i < rows; i += high)
                multiply_tile(&job, rows - i, columns - j, a + i * depth, b + j * depth, out + i * pitch + j);
}

const char *tml_gemm_description(void)
{
    static char text[128];

    bli_init(); /* the query alone aborts when BLIS_ARCH_TYPE is set */
    snprintf(text, sizeof text, "%s, %s", bli_info_get_version_str(), bli_arch_string(bli_arch_query_id()));
    return text;
}
