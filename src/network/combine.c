#include "network/combine.h"

#include "network/cook_toom.h"
#include "network/wide.h"

/* With constant shapes the compiler keeps all of a block in registers. */
#define INLINE static inline __attribute__((always_inline))

INLINE void combine_block(size_t outs, size_t ins, const tml_real *matrix, const tml_real *const *from,
                          size_t first, int add, tml_real *const *to)
{
    tml_vector held[TML_COOK_TOOM_POINTS];

    for (size_t j = 0; j < ins; ++j)
        held[j] = *(const tml_vector *)(from[j] + first);
    for (size_t i = 0; i < outs; ++i) {
        tml_vector *place = (tml_vector *)(to[i] + first);
        tml_vector sum = add ? *place : (tml_vector){0};

        for (size_t j = 0; j < ins; ++j)
            sum += matrix[i * ins + j] * held[j];
        *place = sum;
    }
}

/* What is left behind the last whole block, number by number. */
static void combine_rest(size_t outs, size_t ins, const tml_real *matrix, const tml_real *const *from,
                         size_t first, size_t width, int add, tml_real *const *to)
{
    for (size_t c = first; c < width; ++c)
        for (size_t i = 0; i < outs; ++i) {
            tml_real sum = add ? to[i][c] : 0;

            for (size_t j = 0; j < ins; ++j)
                sum += matrix[i * ins + j] * from[j][c];
            to[i][c] = sum;
        }
}

INLINE void combine_blocks(size_t outs, size_t ins, const tml_real *matrix, const tml_real *const *from,
                           size_t width, int add, tml_real *const *to)
{
    for (size_t first = 0; first + TML_VECTOR_NUMBERS <= width; first += TML_VECTOR_NUMBERS)
        combine_block(outs, ins, matrix, from, first, add, to);
}

#define COMBINE(outs, ins)                                                                                   \
    if (add)                                                                                                 \
        combine_blocks(outs, ins, matrix, from, width, 1, to);                                               \
    else                                                                                                     \
        combine_blocks(outs, ins, matrix, from, width, 0, to);                                               \
    break

TML_WIDE void tml_combine_rows(size_t outs, size_t ins, const tml_real *matrix, const tml_real *const *from,
                               size_t width, int add, tml_real *const *to)
{
    switch (outs * 16 + ins) { /* F(4, 3), F(4, 4), F(4, 5) and their adjoints */
    case 0x66:
        COMBINE(6, 6);
    case 0x46:
        COMBINE(4, 6);
    case 0x64:
        COMBINE(6, 4);
    case 0x77:
        COMBINE(7, 7);
    case 0x47:
        COMBINE(4, 7);
    case 0x74:
        COMBINE(7, 4);
    case 0x88:
        COMBINE(8, 8);
    case 0x48:
        COMBINE(4, 8);
    case 0x84:
        COMBINE(8, 4);
    default:
        COMBINE(outs, ins);
    }
    combine_rest(outs, ins, matrix, from, width / TML_VECTOR_NUMBERS * TML_VECTOR_NUMBERS, width, add, to);
}
