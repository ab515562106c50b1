#include "plots/ticks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DECADE_LABELS = 8, MINOR_DECADES = 10, LABELS_ENOUGH = 3, LONGEST_DECIMAL = 4, LONGEST_WHOLE = 6 };

static tml_tick *add_tick(tml_ticks *ticks, double value, bool is_major)
{
    tml_tick *tick = &ticks->tick[ticks->count];

    if (ticks->count == TML_TICKS_MAXIMUM)
        return NULL;
    ++ticks->count;
    tick->value = value;
    tick->is_major = is_major;
    tick->text[0] = '\0';
    return tick;
}

/* "10" with the exponent raised, after "M×" unless the mantissa is 1. */
static void write_power(char text[TML_TICK_TEXT], double mantissa, int decimals, int exponent)
{
    static const char *const raised[10] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    char digits[16];
    int length = 0;

    if (mantissa < 0.0)
        length = snprintf(text, TML_TICK_TEXT, "−");
    if (fabs(mantissa) < 1.0 || fabs(mantissa) > 1.0)
        length += snprintf(text + length, (size_t)(TML_TICK_TEXT - length), "%.*f×", decimals,
                           fabs(mantissa));
    length += snprintf(text + length, (size_t)(TML_TICK_TEXT - length), "10%s", exponent < 0 ? "⁻" : "");
    snprintf(digits, sizeof digits, "%d", exponent < 0 ? -exponent : exponent);
    for (const char *digit = digits; *digit != '\0' && length < TML_TICK_TEXT - 4; ++digit)
        length += snprintf(text + length, (size_t)(TML_TICK_TEXT - length), "%s", raised[*digit - '0']);
}

/* A number whose last digit counts 10^unit. */
static void write_number(char text[TML_TICK_TEXT], double value, int unit)
{
    int exponent = fabs(value) > 0.0 ? (int)floor(log10(fabs(value)) + 1e-9) : 0;

    if (!(fabs(value) > 0.0))
        snprintf(text, TML_TICK_TEXT, "0");
    else if (exponent >= LONGEST_WHOLE || unit < -LONGEST_DECIMAL)
        write_power(text, value / pow(10.0, exponent), exponent > unit ? exponent - unit : 0, exponent);
    else
        snprintf(text, TML_TICK_TEXT, "%s%.*f", value < 0.0 ? "−" : "", unit < 0 ? -unit : 0, fabs(value));
}

void tml_ticks_power(int exponent, char text[TML_TICK_TEXT])
{
    write_power(text, 1.0, 0, exponent);
}

void tml_ticks_number(double value, int digits, char text[TML_TICK_TEXT])
{
    int exponent = fabs(value) > 0.0 ? (int)floor(log10(fabs(value)) + 1e-9) : 0;

    if (isfinite(value))
        write_number(text, value, exponent + 1 - digits);
    else
        snprintf(text, TML_TICK_TEXT, "%s", isnan(value) ? "not known" : value < 0.0 ? "−∞" : "∞");
}

void tml_ticks_linear(double low, double high, size_t wanted, bool is_whole, tml_ticks *ticks)
{
    double rough = (high - low) / (double)(wanted > 1 ? wanted : 2);
    int unit = (int)floor(log10(rough));
    double power = pow(10.0, unit), slack = 1e-9 * (high - low);
    int factor = rough < 1.5 * power ? 1 : rough < 3.5 * power ? 2 : rough < 7.5 * power ? 5 : 10;
    int parts = factor == 2 ? 4 : 5;
    double step = factor * power, minor;

    if (is_whole && step < 1.0) {
        step = 1.0;
        unit = 0;
    }
    minor = step / parts;
    if (is_whole)
        minor = fmax(minor, 1.0);
    ticks->count = 0;
    for (double k = ceil((low - slack) / step); k * step <= high + slack; ++k) {
        tml_tick *tick = add_tick(ticks, k * step, true);

        if (tick == NULL)
            return;
        write_number(tick->text, k * step, factor == 10 ? unit + (step > 1.0 || !is_whole) : unit);
    }
    if (fabs(step / minor - round(step / minor)) > 1e-6)
        return; /* steps of 5 divide into 5 whole numbers, steps of 2 not into 4 */
    for (double k = ceil((low - slack) / minor); k * minor <= high + slack; ++k)
        if (fabs(k * minor / step - round(k * minor / step)) > 1e-6 &&
            add_tick(ticks, k * minor, false) == NULL)
            return;
}

static void add_decades(int first, int last, tml_ticks *ticks)
{
    int every = (last - first) / DECADE_LABELS + 1;

    for (int e = first; e <= last; ++e) {
        tml_tick *tick = add_tick(ticks, pow(10.0, e), true);

        if (tick != NULL && e % every == 0)
            write_power(tick->text, 1.0, 0, e);
    }
}

/* The multiples 2 to 9 of the powers of ten, and on a short axis the powers themselves. */
static void add_multiples(double low, double high, bool is_labelled, tml_ticks *ticks)
{
    for (int e = (int)floor(log10(low)); e <= (int)floor(log10(high)); ++e) {
        for (int m = is_labelled ? 1 : 2; m <= 9; ++m) {
            double value = m * pow(10.0, e);
            bool has_label = is_labelled && (m == 1 || m == 2 || m == 5);
            tml_tick *tick = value >= low * (1.0 - 1e-9) && value <= high * (1.0 + 1e-9)
                                 ? add_tick(ticks, value, has_label)
                                 : NULL;

            if (tick != NULL && has_label)
                write_number(tick->text, value, e);
        }
    }
}

void tml_ticks_log(double low, double high, tml_ticks *ticks)
{
    int first = (int)ceil(log10(low) - 1e-9), last = (int)floor(log10(high) + 1e-9);
    size_t labels = 0;

    ticks->count = 0;
    if (last - first + 1 >= LABELS_ENOUGH) {
        add_decades(first, last, ticks);
        if (last - first < MINOR_DECADES)
            add_multiples(low, high, false, ticks);
        return;
    }
    add_multiples(low, high, true, ticks);
    for (size_t i = 0; i < ticks->count; ++i)
        labels += ticks->tick[i].text[0] != '\0';
    if (labels < LABELS_ENOUGH)
        tml_ticks_linear(low, high, 4, false, ticks);
}
