#include "training/weight_update.h"

#include <math.h>
#include <omp.h>

#include "core/denormals.h"
#include "network/gradient_norm.h"

/* From the sum to the mean, shortened where it is too long. One thread adds the whole vector in an order of
 * its own: the factor depends neither on ranks nor on threads. */
static double scale_of(uint64_t samples, double clip_norm, size_t count, const float *gradient)
{
    double mean = 1.0 / (double)samples;

    return clip_norm > 0.0 ? mean * tml_clip_factor(mean * sqrt(tml_square_sum(count, gradient)), clip_norm)
                           : mean;
}

void tml_weight_update(const tml_weight_step *step, size_t count, tml_share part, const float *gradient,
                       const tml_weight_arrays *arrays)
{
    double scale = scale_of(step->samples, step->clip_norm, count, gradient);

#pragma omp parallel for num_threads(step->threads) schedule(static)
    for (int worker = 0; worker < step->threads; ++worker) {
        tml_share mine = tml_share_of(part.count, worker, step->threads);
        size_t first = (size_t)(part.first + mine.first);
        tml_denormals before = tml_denormals_flush();

        tml_adam_step(step->adam, step->number, scale, (size_t)mine.count, gradient + first,
                      arrays->weights + first, arrays->first_moment + first, arrays->second_moment + first);
        tml_denormals_restore(before);
    }
}
