#ifndef TML_NETWORK_GEMM_H
#define TML_NETWORK_GEMM_H

/** @file network/gemm.h
 * Matrix products: the only caller of BLIS.
 *
 * Always one BLIS thread per call: with one thread the bits of a product depend on the shapes alone, with
 * more they do not (measured: 49 of 600 random shapes differ). Threads run over lanes instead. Not
 * collective.
 */

#include <stdbool.h>
#include <stddef.h>

#include "network/real.h"

/** A view of numbers: element (i, j) is data[i * row_stride + j * column_stride]. Rows may overlap when read.
 */
typedef struct tml_matrix {
    tml_real *data;
    size_t rows;
    size_t columns;
    size_t row_stride;
    size_t column_stride;
} tml_matrix;

/** A row-major matrix without gaps. The data are borrowed and, through a const view, only read. */
tml_matrix tml_matrix_of(const tml_real *data, size_t rows, size_t columns);

/** The same numbers with rows and columns exchanged. */
tml_matrix tml_matrix_transposed(tml_matrix matrix);

/** c = a b, or c += a b when `add`. Shapes must fit (assert). c may not overlap a or b. */
void tml_gemm(tml_matrix a, tml_matrix b, bool add, tml_matrix c);

/** c = a b. Steady: the bits of a row of c depend on that row of a and on b alone, not on the number of rows;
 * else as tml_gemm, which suits few rows better. */
void tml_gemm_rows(bool is_steady, tml_matrix a, tml_matrix b, tml_matrix c);

/** Panels, as the kernel of BLIS for this machine reads them (Van Zee and van de Geijn 2015, ACM Trans. Math.
 * Softw. 41, 14): a left panel holds `left` rows of a, column by column ([depth][left]); a stripe holds
 * `right` columns of b, row by row ([depth][right]). Products of matrices that are laid out so from the start
 * need no packing. */
typedef struct tml_panel_widths {
    size_t left;
    size_t right;
} tml_panel_widths;

/** The widths on this machine. */
tml_panel_widths tml_gemm_panel_widths(void);

/** c = a b, or c += a b when `add`.
 * @param rows, columns  of c, [rows][columns] with rows `pitch` numbers apart
 * @param depth    columns of a, rows of b
 * @param left     [ceil(rows / widths.left)][depth][widths.left]
 * @param right    [ceil(columns / widths.right)][depth][widths.right], aligned to 64 bytes
 */
void tml_gemm_panels(size_t rows, size_t columns, size_t depth, const tml_real *left, const tml_real *right,
                     bool add, tml_real *out, size_t pitch);

/** Version of BLIS and the kernel family that it picked on this machine, as "0.9.0, zen3". Borrowed. */
const char *tml_gemm_description(void);

#endif
