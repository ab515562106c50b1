#include "training/step_report.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "mpi/agree.h"

tml_status tml_step_report_create(size_t most_lanes, size_t targets, tml_step_report *report,
                                  tml_error *error)
{
    memset(report, 0, sizeof *report);
    report->targets = targets;
    return tml_array_create(most_lanes * targets + 1 + TML_STEP_WISHES, sizeof(double),
                            "the report of a step", &report->values, error);
}

void tml_step_report_free(tml_step_report *report)
{
    free(report->values);
    memset(report, 0, sizeof *report);
}

void tml_step_report_begin(tml_step_report *report, size_t lanes)
{
    report->lanes = lanes;
    memset(report->values, 0, (lanes * report->targets + 1 + TML_STEP_WISHES) * sizeof(double));
}

double *tml_step_report_lane(tml_step_report *report, size_t lane)
{
    return report->values + lane * report->targets;
}

static double *wish_of(const tml_step_report *report, tml_step_wish wish)
{
    return report->values + report->lanes * report->targets + 1 + wish;
}

void tml_step_report_wish(tml_step_report *report, tml_step_wish wish)
{
    *wish_of(report, wish) = 1.0;
}

bool tml_step_report_is_wished(const tml_step_report *report, tml_step_wish wish)
{
    return *wish_of(report, wish) > 0.0;
}

tml_status tml_step_report_share(MPI_Comm comm, tml_step_report *report, tml_status local, double *sum,
                                 tml_error *error)
{
    size_t entries = report->lanes * report->targets;
    double *failures = report->values + entries;
    tml_status status;

    *failures = local == TML_OK ? 0.0 : 1.0;
    status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, report->values, (int)entries + 1 + TML_STEP_WISHES,
                                         MPI_DOUBLE, MPI_SUM, comm),
                           "sharing losses", error);
    if (status != TML_OK)
        return status;
    if (*failures > 0.0)
        return tml_agree(comm, local, error);
    for (size_t t = 0; t < report->targets; ++t) {
        sum[t] = 0.0;
        for (size_t lane = 0; lane < report->lanes; ++lane)
            sum[t] += report->values[lane * report->targets + t];
    }
    return TML_OK;
}
