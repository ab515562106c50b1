#ifndef TML_NETWORK_PANELS_H
#define TML_NETWORK_PANELS_H

/** @file network/panels.h
 * From row-major matrices to the panels and stripes of a product (network/gemm.h). Not collective. */

#include <stddef.h>

#include "network/gemm.h"

/** Stripes that hold this many columns. */
static inline size_t tml_stripes(size_t columns, tml_panel_widths widths)
{
    return (columns + widths.right - 1) / widths.right;
}

/** Left panels that hold this many rows. */
static inline size_t tml_panels(size_t rows, tml_panel_widths widths)
{
    return (rows + widths.left - 1) / widths.left;
}

/** A row-major matrix; its rows stand `pitch` numbers apart. */
typedef struct tml_rows {
    const tml_real *data;
    size_t rows;
    size_t columns;
    size_t pitch;
} tml_rows;

/** Left panels of the matrix; rows behind the last are zero.
 * @param left  out: [tml_panels(rows)][columns][left] */
void tml_pack_rows(tml_panel_widths widths, tml_rows matrix, tml_real *left);

/** Left panels of the transposed matrix; columns behind the last are zero.
 * @param left  out: [tml_panels(columns)][rows][left] */
void tml_pack_columns(tml_panel_widths widths, tml_rows matrix, tml_real *left);

/** The matrix in stripes; columns behind the last are zero. @param right out:
 * [tml_stripes(columns)][rows][right]
 */
void tml_pack_stripes(tml_panel_widths widths, tml_rows matrix, tml_real *right);

/** The transposed matrix in stripes; columns behind its last are zero.
 * @param right  out: stripe j at right + j step, [columns][right] */
void tml_pack_transposed(tml_panel_widths widths, tml_rows matrix, tml_real *right, size_t step);

#endif
