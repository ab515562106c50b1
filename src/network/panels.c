#include "network/panels.h"

#include <string.h>

#include "network/wide.h"

#define INLINE static inline __attribute__((always_inline))

enum {
    SIDE = TML_VECTOR_NUMBERS, /* of a block that is turned in registers */
    GROUPS = 8                 /* stripes or panels that are written side by side */
};

/* Rows of an 8 x 8 block become its columns, in three rounds of exchanges: of single numbers, of pairs, of
 * halves. */
INLINE void turn_vectors(tml_vector v[SIDE])
{
    tml_vector t[SIDE];
    tml_vector u[SIDE];

    for (int i = 0; i < SIDE; i += 2) {
        t[i] = __builtin_shufflevector(v[i], v[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        t[i + 1] = __builtin_shufflevector(v[i], v[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    for (int i = 0; i < SIDE; i += 4)
        for (int j = 0; j < 2; ++j) {
            u[i + 2 * j] = __builtin_shufflevector(t[i + j], t[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            u[i + 2 * j + 1] = __builtin_shufflevector(t[i + j], t[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    for (int i = 0; i < SIDE / 2; ++i) {
        v[i] = __builtin_shufflevector(u[i], u[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        v[i + 4] = __builtin_shufflevector(u[i], u[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

/* to[c * step + r] = from[r * pitch + c] for r < height <= 8, all columns. With height < 8 each column is
 * written with some numbers too many, which the next one overwrites; so the last columns go one by one. */
INLINE void turn_rows(size_t height, size_t columns, const tml_real *from, size_t pitch, tml_real *to,
                      size_t step)
{
    size_t c = 0;

    for (; c + SIDE < columns; c += SIDE) {
        tml_vector v[SIDE];

        for (size_t r = 0; r < SIDE; ++r)
            v[r] = *(const tml_vector *)(from + (r < height ? r : 0) * pitch + c);
        turn_vectors(v);
        for (size_t j = 0; j < SIDE; ++j)
            *(tml_vector *)(to + (c + j) * step) = v[j];
    }
    for (; c < columns; ++c)
        for (size_t r = 0; r < height; ++r)
            to[c * step + r] = from[r * pitch + c];
}

/* One left panel of `height` rows, of which the first `rows` are there. */
INLINE void pack_panel(size_t height, size_t rows, tml_rows matrix, tml_real *left)
{
    for (size_t c = 0; c < matrix.columns; ++c)
        for (size_t r = 0; r < height; ++r)
            left[c * height + r] = r < rows ? matrix.data[r * matrix.pitch + c] : 0;
}

TML_WIDE void tml_pack_rows(tml_panel_widths widths, tml_rows matrix, tml_real *left)
{
    size_t height = widths.left;

    for (size_t first = 0; first < matrix.rows; first += height, left += height * matrix.columns) {
        size_t rows = matrix.rows - first < height ? matrix.rows - first : height;
        tml_rows panel = {matrix.data + first * matrix.pitch, rows, matrix.columns, matrix.pitch};

        if (rows == 6 && height == 6) /* the kernel of AVX2 machines */
            turn_rows(6, matrix.columns, panel.data, matrix.pitch, left, 6);
        else
            pack_panel(height, rows, panel, left);
    }
}

/* Columns of `matrix` in groups of `width`, each group [rows][width] behind the one before; zeros behind the
 * last column. A row's groups are copied together: in a large matrix the next row is on another page. */
INLINE void copy_groups(size_t width, tml_rows matrix, tml_real *restrict to)
{
    size_t step = matrix.rows * width;
    size_t whole = matrix.columns / width;
    size_t rest = matrix.columns % width;

    for (size_t r = 0; r < matrix.rows; ++r) {
        const tml_real *from = matrix.data + r * matrix.pitch;
        tml_real *place = to + r * width;

        for (size_t g = 0; g < whole; ++g)
            memcpy(place + g * step, from + g * width, width * sizeof *to);
        if (rest > 0) {
            memcpy(place + whole * step, from + whole * width, rest * sizeof *to);
            memset(place + whole * step + rest, 0, (width - rest) * sizeof *to);
        }
    }
}

/* Some groups at a time, so that the places that are written to stay few. */
INLINE void copy_columns(size_t width, tml_rows matrix, tml_real *to)
{
    size_t some = GROUPS * width;

    for (size_t first = 0; first < matrix.columns; first += some) {
        size_t columns = matrix.columns - first < some ? matrix.columns - first : some;
        tml_rows part = {matrix.data + first, matrix.rows, columns, matrix.pitch};

        copy_groups(width, part, to + first * matrix.rows);
    }
}

TML_WIDE void tml_pack_columns(tml_panel_widths widths, tml_rows matrix, tml_real *left)
{
    if (widths.left == 6) /* constants for the kernel of AVX2 machines */
        copy_columns(6, matrix, left);
    else
        copy_columns(widths.left, matrix, left);
}

TML_WIDE void tml_pack_stripes(tml_panel_widths widths, tml_rows matrix, tml_real *right)
{
    if (widths.right == 16)
        copy_columns(16, matrix, right);
    else
        copy_columns(widths.right, matrix, right);
}

TML_WIDE void tml_pack_transposed(tml_panel_widths widths, tml_rows matrix, tml_real *right, size_t step)
{
    size_t width = widths.right;

    for (size_t first = 0; first < matrix.rows; first += width, right += step) {
        size_t rows = matrix.rows - first < width ? matrix.rows - first : width;
        const tml_real *from = matrix.data + first * matrix.pitch;
        size_t r = 0;

        for (; r + SIDE <= rows; r += SIDE)
            turn_rows(SIDE, matrix.columns, from + r * matrix.pitch, matrix.pitch, right + r, width);
        for (size_t c = 0; r < width && c < matrix.columns; ++c)
            for (size_t rest = r; rest < width; ++rest)
                right[c * width + rest] = rest < rows ? from[rest * matrix.pitch + c] : 0;
    }
}
