#ifndef TML_REPORT_HTML_H
#define TML_REPORT_HTML_H

/** @file report/html.h
 * A small writer of HTML. Whatever comes from a file goes through tml_html_text, which leaves nothing that a
 * browser would take for markup; what the program says itself may be printed with fputs. Not collective.
 *
 * Errors of the stream are looked for when it is closed.
 */

#include <stdio.h>

#include "core/status.h"

/** Text, escaped for contents and for attributes in double quotes; clean (report/clean_text.h). */
void tml_html_text(FILE *out, const char *text);

/** As printf, then as tml_html_text; at most 2047 bytes. */
void tml_html_print(FILE *out, const char *format, ...) TML_PRINTF(2, 3);

/** The symbol of a target, "T<sub>eff</sub>", with its unit in brackets unless the unit is "". */
void tml_html_target(FILE *out, const char *target, const char *unit);

/* ---- the page ---- */

/** Begin a page; its title follows as text, then tml_html_head_end. */
void tml_html_head_begin(FILE *out);

/** The style, and the beginning of the contents, which tml_html_page_end closes. */
void tml_html_head_end(FILE *out);
void tml_html_page_end(FILE *out);

/* ---- tables ---- */

/** Begin a table that scrolls sideways on a narrow screen. @param caption  NULL: none */
void tml_html_table_begin(FILE *out, const char *caption);

/** A row of column headers; NULL ends the list. */
void tml_html_headers(FILE *out, const char *const *headers);

/** Begin a row whose header is a target, or a text. */
void tml_html_row_of_target(FILE *out, const char *target, const char *unit);
void tml_html_row(FILE *out, const char *header);

/** One cell: as tml_html_print. */
void tml_html_cell(FILE *out, const char *format, ...) TML_PRINTF(2, 3);

void tml_html_row_end(FILE *out);
void tml_html_table_end(FILE *out);

/** A table of facts, without column headers: name and value by value; ended by tml_html_table_end. */
void tml_html_facts_begin(FILE *out);

/** One fact: its name, then as tml_html_print. */
void tml_html_fact(FILE *out, const char *name, const char *format, ...) TML_PRINTF(3, 4);

#endif
