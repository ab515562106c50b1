#ifndef TML_REPORT_HTML_STYLE_H
#define TML_REPORT_HTML_STYLE_H

/** @file report/html_style.h
 * How the report looks: by day and by night, on a telephone and on paper. */

/** The style sheet. */
const char *tml_html_style(void);

#endif
