#include "network/gemm.h"

#include <assert.h>
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

void tml_gemm(tml_matrix a, tml_matrix b, bool add, tml_matrix c)
{
    tml_real one = 1;
    tml_real beta = add ? 1 : 0;
    rntm_t one_thread;

    assert(a.rows == c.rows && b.columns == c.columns && a.columns == b.rows);
    bli_rntm_init(&one_thread);
    bli_rntm_set_num_threads(1, &one_thread);
#ifdef TML_REAL_IS_DOUBLE
    bli_dgemm_ex(
#else
    bli_sgemm_ex(
#endif
        BLIS_NO_TRANSPOSE, BLIS_NO_TRANSPOSE, (dim_t)c.rows, (dim_t)c.columns, (dim_t)a.columns, &one, a.data,
        (inc_t)a.row_stride, (inc_t)a.column_stride, b.data, (inc_t)b.row_stride, (inc_t)b.column_stride,
        &beta, c.data, (inc_t)c.row_stride, (inc_t)c.column_stride, NULL, &one_thread);
}

const char *tml_gemm_description(void)
{
    static char text[128];

    bli_init(); /* the query alone aborts when BLIS_ARCH_TYPE is set */
    snprintf(text, sizeof text, "%s, %s", bli_info_get_version_str(), bli_arch_string(bli_arch_query_id()));
    return text;
}
