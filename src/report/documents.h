#ifndef TML_REPORT_DOCUMENTS_H
#define TML_REPORT_DOCUMENTS_H

/** @file report/documents.h
 * The files of a report on their way to the disk. Not collective. */

#include <stdio.h>

#include <cjson/cJSON.h>

#include "report/comparison.h"
#include "report/figure_list.h"
#include "report/report.h"

/** Print a document to a stream in memory. */
typedef void tml_document_print(FILE *out, const void *data);

/** A document on the heap. @param text  out, owned by the caller; NULL on failure
 * @return TML_OK or TML_INTERNAL (no memory) */
TML_NODISCARD tml_status tml_document_render(tml_document_print *print, const void *data, char **text,
                                             size_t *count, tml_error *error);

/** Write FOLDER/STEM.json. @param document  borrowed; NULL: there was no memory for it */
TML_NODISCARD tml_status tml_document_write_json(const tml_report_place *place, const cJSON *document,
                                                 tml_error *error);

/** Write FOLDER/STEM.md and FOLDER/TABLES.tex, those that `formats` asks for. */
TML_NODISCARD tml_status tml_documents_write_tables(const tml_comparison *comparison,
                                                    const tml_report_place *place, unsigned formats,
                                                    tml_error *error);

/** Draw the figures of a comparison to FOLDER/figures, which must be there.
 * @param figures  out, owned by the caller (tml_report_figures_free); each is of the object of its number
 * @return TML_OK or TML_INTERNAL */
TML_NODISCARD tml_status tml_comparison_figures_draw(const tml_comparison *comparison, const char *folder,
                                                     tml_report_figures *figures, tml_error *error);

/** comparison.json. @return on the heap, owned by the caller; NULL without memory */
cJSON *tml_comparison_json(const tml_comparison *comparison, const tml_report_figures *figures);

/** Write comparison.html. @return TML_OK, TML_CANNOT_CREATE, TML_IO_ERROR or TML_INTERNAL */
TML_NODISCARD tml_status tml_comparison_write_html(const tml_comparison *comparison,
                                                   const tml_report_figures *figures,
                                                   const tml_report_place *place, tml_error *error);

#endif
