#ifndef TML_IO_RUN_FILES_H
#define TML_IO_RUN_FILES_H

/** @file io/run_files.h
 * Which files of a run directory are the program's own. For run_directory.c. Not collective: one rank. */

#include <stdbool.h>

#include "core/status.h"

/** What is in the folder.
 * @param is_used  out: anything but .lock and empty folders `checkpoints` and `figures`
 * @param has_run  out: a file that a run writes, or a folder `checkpoints` with something in it
 * @return TML_OK or TML_CANNOT_CREATE (the folder cannot be read)
 */
TML_NODISCARD tml_status tml_run_files_present(const char *folder, bool *is_used, bool *has_run,
                                               tml_error *error);

/** Remove what a run writes: used_parameters.yml, provenance.json, metrics.jsonl, history.csv, model.h5,
 * results.h5, ranks.csv, phases.csv, predictions.{csv,json}, report.*, evaluation.*, evaluation_rows.csv,
 * checkpoints/step-NUMBER.h5, the pdf, svg and png files of figures, and what an interrupted write leaves of
 * them (.partial). Only files and links; a linked folder is not entered.
 * @return TML_OK or TML_CANNOT_CREATE
 */
TML_NODISCARD tml_status tml_run_files_remove(const char *folder, tml_error *error);

#endif
