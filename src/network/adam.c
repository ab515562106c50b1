#include "network/adam.h"

#include <math.h>

#include "network/wide.h"

#ifdef TML_REAL_IS_DOUBLE
#define SQUARE_ROOT sqrt
#else
#define SQUARE_ROOT sqrtf
#endif

TML_WIDE void tml_adam_step(const tml_adam *adam, uint64_t step, double scale, size_t count,
                            const tml_real *restrict gradient, tml_real *restrict weights,
                            tml_real *restrict first_moment, tml_real *restrict second_moment)
{
    double correction1 = 1.0 - pow(adam->beta1, (double)step);
    double correction2 = 1.0 - pow(adam->beta2, (double)step);
    double root2 = sqrt(correction2);
    int is_keras = adam->form == TML_ADAM_KERAS;
    tml_real rate = (tml_real)(adam->learning_rate / correction1 * (is_keras ? root2 : 1.0));
    tml_real root_scale = (tml_real)(is_keras ? 1.0 : 1.0 / root2);
    tml_real epsilon = (tml_real)adam->epsilon;
    tml_real beta1 = (tml_real)adam->beta1;
    tml_real beta2 = (tml_real)adam->beta2;
    tml_real rest1 = (tml_real)(1.0 - adam->beta1);
    tml_real rest2 = (tml_real)(1.0 - adam->beta2);
    tml_real factor = (tml_real)scale;
    tml_real kept = (tml_real)(1.0 - adam->learning_rate * adam->weight_decay); /* 1 changes no bit */

    for (size_t i = 0; i < count; ++i) {
        tml_real g = factor * gradient[i];
        tml_real m = beta1 * first_moment[i] + rest1 * g;
        tml_real v = beta2 * second_moment[i] + rest2 * (g * g);

        first_moment[i] = m;
        second_moment[i] = v;
        weights[i] = kept * weights[i] - rate * m / (SQUARE_ROOT(v) * root_scale + epsilon);
    }
}
