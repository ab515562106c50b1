#include "plots/fill.h"

#include <plplot.h>

#include "plots/colour_map.h"

/* PLplot also strokes the rim of what it fills: twice the opacity there, and fuller shapes. */
#define NO_RIM 0.01

/* PLplot drops a line without length. */
#define SHORTEST_PT 0.03

void tml_fill_polygon(const tml_canvas *canvas, const tml_fill *fill, size_t count, const double *x_pt,
                      const double *y_pt)
{
    (void)canvas;
    if (count < 3 || !(fill->opacity > 0.0))
        return;
    tml_theme_select(fill->colour, fill->opacity);
    plwidth(NO_RIM);
    plfill((PLINT)count, x_pt, y_pt);
}

/* Lines have round ends: a short thick one is a disc, at a third of a polygon's cost in time and bytes. */
void tml_fill_disc(const tml_canvas *canvas, const tml_fill *fill, double x_pt, double y_pt, double radius_pt)
{
    const double x[2] = {x_pt - 0.5 * SHORTEST_PT, x_pt + 0.5 * SHORTEST_PT}, y[2] = {y_pt, y_pt};

    if (!(fill->opacity > 0.0))
        return;
    tml_theme_select(fill->colour, fill->opacity);
    plwidth(2.0 * radius_pt * canvas->scale);
    plline(2, x, y);
}

static void fill_corners(const tml_box *box)
{
    const double x[4] = {box->left, box->right, box->right, box->left};
    const double y[4] = {box->bottom, box->bottom, box->top, box->top};

    plwidth(NO_RIM);
    plfill(4, x, y);
}

void tml_fill_box(const tml_canvas *canvas, const tml_fill *fill, const tml_box *box)
{
    (void)canvas;
    if (!(fill->opacity > 0.0))
        return;
    tml_theme_select(fill->colour, fill->opacity);
    fill_corners(box);
}

void tml_fill_box_mapped(const tml_canvas *canvas, double fraction, const tml_box *box)
{
    (void)canvas;
    tml_colour_map_select(fraction);
    fill_corners(box);
}
