#ifndef TML_TESTS_EXPLORATION_FOLDER_H
#define TML_TESTS_EXPLORATION_FOLDER_H

/** @file exploration_folder.h
 * A folder with a made-up exploration of a grid of two parameters, one of which is no axis. For serial tests
 * with cmocka; include it after report_folder.h. */

#define EXPLORED_PARAMETER(unit, mean, is_axis)                                                              \
    "{\"unit\": \"" unit "\", \"count\": 6, \"mean\": " mean                                                 \
    ", \"sd\": 200.5, \"standard_error\": 81.8, \"ci95_low\": 700, \"ci95_high\": 1100, \"minimum\": 500, "  \
    "\"p2_5\": 500, \"q1\": 700, \"median\": 900, \"q3\": 1100, \"p97_5\": 1300, \"maximum\": 1300.123456, " \
    "\"skewness\": null, \"different\": 6, \"is_axis\": " is_axis "}"

/* With room for the grid's path, "nodes" and the numbers of twins. */
static const char explored_document[] =
    "{\"schema\": \"telescopeml.explore/1\", \"version\": \"0.1.0\", \"status\": \"done\", \"exit_code\": 0, "
    "\"warnings\": [{\"code\": \"odd_grid\", \"text\": \"an odd <grid>\"}], \"result\": {\"grid\": \"%s\", "
    "\"digest\": \"0123456789abcdef\", \"rows\": 6, \"wavelengths\": 3, \"parameters\": {"
    "\"teff\": " EXPLORED_PARAMETER("K", "901.2", "true") ", \"kzz\": " EXPLORED_PARAMETER(
        "cm2/s", "902.3",
        "false") "}, \"twins\": {\"groups\": %d, \"rows\": %d}, \"coverage\": {\"nodes\": %s, \"filled\": "
                 "5}, "
                 "\"zero_fluxes\": {\"count\": 4, \"wavelengths\": 2}, \"pca\": {\"components\": 2, "
                 "\"shares\": [0.95, 0.045]}, \"median_distance\": 0.1, \"outliers\": [], "
                 "\"fixed\": {\"teff\": 900, \"kzz\": 1234.5678}}}\n";

static inline void exploration_store_document(const char *folder, const char *grid, int groups, int rows,
                                              const char *nodes)
{
    char document[4096];
    int length = snprintf(document, sizeof document, explored_document, grid, groups, rows, nodes);

    assert_in_range(length, 1, sizeof document - 1);
    folder_store(folder, "exploration.json", document);
}

static inline void exploration_store_boxes(const char *folder, const char *name)
{
    folder_store(folder, name,
                 "wavelength_um,minimum,p2_5,whisker_low,q1,median,q3,whisker_high,p97_5,maximum,mean,sd\n"
                 "1,-9,-8.5,-8.4,-8,-7,-6,-5.5,-5.4,-5,-7,1\n1.5,-9,-8.5,-8.4,-8,-7,-6,-5.5,-5.4,-5,-7,1\n"
                 "2.25,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan\n");
}

static inline void exploration_store_components(const char *folder)
{
    folder_store(folder, "pca_variance.csv",
                 "component,variance,share,cumulative\n1,9,0.9,0.9\n2,0.8,0.08,0.98\n3,0.2,0.02,1\n");
    folder_store(
        folder, "pca_components.csv",
        "wavelength_um,mean,component_1,component_2\n1,0.1,0.5,-0.5\n1.5,0.2,0.6,0.1\n2.25,0.3,0.7,0.6\n");
    folder_store(folder, "pca_scores.csv",
                 "row,teff,kzz,score_1,score_2\n0,500,1,0.1,0.2\n1,900,20,-1,0.3\n2,1300,300,0.4,-0.6\n");
    folder_store(folder, "neighbours.csv",
                 "row,teff,kzz,nearest_row,distance,outlier_score\n4711,1300,300.123456,2,0.9,3.25\n"
                 "2,900,20,1,0.2,1.5\n1,500,1,2,0.2,1.5\n");
}

/** Everything that `explore` writes. */
static inline void exploration_fill(const char *folder)
{
    exploration_store_document(folder, "grid.h5", 2, 4, "6");
    folder_store(folder, "parameter_counts.csv",
                 "parameter,low,high,count\nteff,500,500,2\nteff,900,900,3\nteff,1300,1300,1\nkzz,1,100,4\n"
                 "kzz,100,1000,2\n");
    folder_store(folder, "coverage.csv",
                 "x_name,x,y_name,y,count\nteff,500,kzz,50,2\nteff,500,kzz,550,0\nteff,900,kzz,50,2\n"
                 "teff,900,kzz,550,1\nteff,1300,kzz,550,1\n");
    exploration_store_boxes(folder, "fluxes.csv");
    exploration_store_boxes(folder, "scaled_fluxes.csv");
    folder_store(folder, "correlations.csv",
                 "wavelength_um,pearson_teff,pearson_kzz,spearman_teff,spearman_kzz\n1,0.9,nan,1,nan\n"
                 "1.5,0.8,nan,1,nan\n2.25,0.7,nan,1,nan\n");
    exploration_store_components(folder);
    folder_store(folder, "filtered_spectra.csv",
                 "varied,value,row,1,1.5,2.25\nteff,500,0,1e-8,2e-8,3e-8\nteff,900,1,1e-7,2e-7,3e-7\n"
                 "teff,1300,2,1e-6,2e-6,3e-6\nkzz,1,3,1e-7,2e-7,3e-7\nkzz,20,4,1e-7,2e-7,3e-7\n");
}

#endif
