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

/** Version of BLIS and the kernel family that it picked on this machine, as "0.9.0, zen3". Borrowed. */
const char *tml_gemm_description(void);

#endif
