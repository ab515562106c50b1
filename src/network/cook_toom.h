#ifndef TML_NETWORK_COOK_TOOM_H
#define TML_NETWORK_COOK_TOOM_H

/** @file network/cook_toom.h
 * The matrices of a one-dimensional convolution F(m, k) with m + k - 1 multiplications for m outputs instead
 * of m k: outputs = A^T [(G kernel) o (B^T inputs)] (Winograd 1980, Arithmetic complexity of computations;
 * Lavin and Gray 2016, arXiv:1509.09308, section 4). Generated from interpolation points: 0, 1, 1/2, -2/3, 3,
 * -4/3 for seven, else as many of 0, 1, -1, 2, -2, 1/2, -1/2 as are needed, and infinity; more and larger
 * points would cost digits. Not collective.
 */

#include <stdbool.h>
#include <stddef.h>

#include "network/real.h"

enum { TML_COOK_TOOM_WINDOW = 6, TML_COOK_TOOM_POINTS = 8 };

/** F(m, k), row-major without gaps. */
typedef struct tml_cook_toom {
    size_t outputs;                                                        /* m */
    size_t window;                                                         /* k */
    size_t points;                                                         /* m + k - 1 */
    tml_real kernel_to_point[TML_COOK_TOOM_POINTS * TML_COOK_TOOM_WINDOW]; /* G [points][window] */
    tml_real input_to_point[TML_COOK_TOOM_POINTS * TML_COOK_TOOM_POINTS];  /* B^T [points][points] */
    tml_real point_to_output[TML_COOK_TOOM_POINTS * TML_COOK_TOOM_POINTS]; /* A^T [outputs][points] */
} tml_cook_toom;

/** Whether there are points enough: m at least 2, k from 3 to TML_COOK_TOOM_WINDOW. */
bool tml_cook_toom_exists(size_t outputs, size_t window);

/** Generate the matrices. F(outputs, window) must exist (assert). */
tml_cook_toom tml_cook_toom_of(size_t outputs, size_t window);

/** Transposed copy. @param from [rows][columns] @param to out: [columns][rows] */
void tml_cook_toom_transpose(size_t rows, size_t columns, const tml_real *from, tml_real *to);

#endif
