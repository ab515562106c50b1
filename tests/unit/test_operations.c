/** @file test_operations.c
 * Operations of the published network as they are counted by hand, and what Winograd's form saves. */
#include "bench/operations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "training/settings.h"

static tml_network network;

static void lay_out_published(tml_convolution form)
{
    tml_settings settings;
    tml_architecture architecture;
    tml_error error = {0, ""};

    tml_config_defaults(tml_settings_table(), &settings);
    architecture = tml_settings_architecture(&settings, 104);
    architecture.convolution = form;
    assert_int_equal(tml_network_lay_out(&architecture, &network, &error), TML_OK);
}

/* 2 x (4 x 32 x 104 + 128 x 128 x 104 + 512 x 288 x 104 + (1152 x 128 + 512 x 288 + 1152 x 512) x 34 + 5632 x
 * 256
 * + 256 x 1024 + 1024 x 2304 + 2306 x 128 + 128 x 512 + 512 x 1152 + 1152 x 2048 + 2048 x 4); the backward
 * pass takes twice as many but for the input of the first layer. */
static void test_the_published_network(void **state)
{
    double forward = 0.0;

    (void)state;
    lay_out_published(TML_CONVOLUTION_DIRECT);
    forward = tml_network_operations(&network, false).effective;
    assert_true(forward == 109029888.0);
    assert_true(tml_network_operations(&network, false).real == forward);
    assert_true(tml_network_operations(&network, true).effective == 3.0 * forward - 2.0 * 4 * 32 * 104);
}

/* A tile of m outputs and window 4 multiplies at m + 3 points instead of 4 m times. */
static void test_winograd_multiplies_at_its_points(void **state)
{
    (void)state;
    lay_out_published(TML_CONVOLUTION_WINOGRAD);
    for (size_t i = 0; i < network.layer_count; ++i) {
        const tml_layer *layer = &network.layer[i];
        tml_operations count = tml_layer_operations(layer);
        double tiles;

        if (layer->tile == 0) {
            assert_true(count.real == count.effective);
            continue;
        }
        tiles = (double)((layer->out.positions + layer->tile - 1) / layer->tile);
        assert_true(count.real == 2.0 * (double)(layer->in.channels * layer->out.channels) * tiles *
                                      (double)(layer->tile + 3));
        assert_true(count.real < count.effective);
    }
    assert_true(tml_network_operations(&network, true).real <
                0.7 * tml_network_operations(&network, true).effective);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_published_network),
        cmocka_unit_test(test_winograd_multiplies_at_its_points),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
