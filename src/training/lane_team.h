#ifndef TML_TRAINING_LANE_TEAM_H
#define TML_TRAINING_LANE_TEAM_H

/** @file training/lane_team.h
 * The lanes of one rank, one for each of its threads, and the way from a sample's record into a lane: noise,
 * preparation, place. Not collective. Allocates nothing after its creation. */

#include <stdint.h>

#include "core/status.h"
#include "network/lane.h"
#include "spectra/noise.h"
#include "spectra/preparation.h"
#include "training/sample_record.h"

typedef struct tml_lane_team tml_lane_team;

/** Make one.
 * @param network, preparation  borrowed for the team's life
 * @param lane_size             samples of a lane
 * @param threads               workers
 * @param training              nonzero if lanes also go backward
 * @param team                  out, owned by the caller; NULL on failure
 */
TML_NODISCARD tml_status tml_lane_team_create(const tml_network *network, tml_sample_layout layout,
                                              const tml_preparation *preparation, size_t lane_size,
                                              int threads, int training, tml_lane_team **team,
                                              tml_error *error);

/** Free; sets the pointer to NULL; NULL is fine. */
void tml_lane_team_destroy(tml_lane_team **team);

/** The lane of one worker. Borrowed. */
tml_lane *tml_lane_team_lane(tml_lane_team *team, int worker);

/** Number of workers; samples of a lane; outputs of a sample; bytes of all lanes. */
int tml_lane_team_threads(const tml_lane_team *team);
size_t tml_lane_team_outputs(const tml_lane_team *team);
size_t tml_lane_team_lane_size(const tml_lane_team *team);
size_t tml_lane_team_bytes(const tml_lane_team *team);

/** Fill a worker's lane; different workers may do it at once.
 * @param records  [count] records one after another   @param numbers [count] of the samples, key of noise and
 * dropout
 * @param count    at most the lane's size; the rest of the lane is filled up with samples that count for
 * nothing
 * @param noise    put on the flux first, keyed by (epoch, number)
 * @return TML_OK, or TML_BAD_DATA with the row of the source when a spectrum cannot be prepared
 */
TML_NODISCARD tml_status tml_lane_team_fill(tml_lane_team *team, int worker, const float *records,
                                            const uint64_t *numbers, size_t count, const tml_noise *noise,
                                            uint64_t epoch, tml_error *error);

#endif
