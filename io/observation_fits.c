#include "io/observation_fits.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/log.h"
#include "core/text.h"
#include "io/observation_fits_private.h"

enum { REASONS = 900 };

const char *const *tml_fits_error_names(void)
{
    static const char *const names[] = {"ERROR",  "ERR",   "FLUX_ERROR", "FLUX_ERR", "UNCERTAINTY",
                                        "UNC",    "SIGMA", "STDEV",      "NOISE",    "E_FLUX",
                                        "UNCERT", "ERRS",  "IVAR",       NULL};

    return names;
}

bool tml_observation_is_fits(const char *bytes, size_t count)
{
    return count >= 10 && memcmp(bytes, "SIMPLE  = ", 10) == 0;
}

bool tml_fits_is_inverse_variance(const char *name)
{
    return strcasecmp(name, "IVAR") == 0;
}

void tml_fits_invert_variance(size_t count, double *error)
{
    for (size_t i = 0; i < count; ++i)
        error[i] = error[i] > 0.0 ? 1.0 / sqrt(error[i]) : (double)NAN;
}

tml_status tml_fits_failure(const tml_fits_source *source, const char *doing, int code, tml_error *error)
{
    char words[FLEN_STATUS] = "";
    char detail[FLEN_ERRMSG] = "";

    fits_get_errstatus(code, words);
    (void)fits_read_errmsg(detail);
    fits_clear_errmsg();
    tml_observation_plain_text(detail);
    if (code == MEMORY_ALLOCATION)
        return TML_FAIL(error, TML_INTERNAL, "%s: HDU %d: no memory for %s", source->path, source->hdu,
                        doing);
    return TML_FAIL(
        error, TML_BAD_DATA,
        "%s: HDU %d: %s failed: %s%s%s (CFITSIO status %d); the file is damaged or no standard FITS",
        source->path, source->hdu, doing, words, detail[0] != '\0' ? ": " : "", detail, code);
}

bool tml_fits_number(const tml_fits_source *source, const char *key, double *value)
{
    int code = 0;

    fits_write_errmark(); /* that a keyword is absent is no failure to tell of */
    fits_read_key_dbl(source->file, key, value, NULL, &code);
    fits_clear_errmark();
    return code == 0 && isfinite(*value);
}

void tml_fits_text(const tml_fits_source *source, const char *key, char *text, size_t room)
{
    char value[FLEN_VALUE] = "";
    int code = 0;

    fits_write_errmark();
    fits_read_key_str(source->file, key, value, NULL, &code);
    fits_clear_errmark();
    tml_observation_copy_text(text, room, code == 0 ? value + strspn(value, " ") : "");
}

tml_status tml_fits_create(const tml_fits_source *source, LONGLONG count, tml_observation_raw *raw,
                           tml_error *error)
{
    if (count < 1 || count > TML_FITS_PIXELS)
        return TML_FAIL(error, TML_BAD_DATA, "%s: HDU %d: %lld pixels are no spectrum (at most %d are read)",
                        source->path, source->hdu, (long long)count, TML_FITS_PIXELS);
    return tml_observed_spectrum_create((size_t)count, &raw->pixels, error);
}

tml_status tml_fits_move_to(tml_fits_source *source, int hdu, bool *there, tml_error *error)
{
    int code = 0;

    source->hdu = hdu;
    fits_write_errmark();
    fits_movabs_hdu(source->file, hdu, NULL, &code);
    *there = code == 0;
    if (code != 0 && (code != END_OF_FILE || hdu == 1))
        return tml_fits_failure(source, "reading the header", code, error);
    fits_clear_errmark();
    return TML_OK;
}

static bool is_zero(const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; ++i)
        if (bytes[i] != '\0')
            return false;
    return true;
}

/* A file that was cut off reads well up to the cut: what its headers promise must be there, and what is there
 * must belong to a header. */
static tml_status check_length(tml_fits_source *source, const char *bytes, size_t count, tml_error *error)
{
    LONGLONG end = 0;
    bool there = true;
    tml_status status = TML_OK;

    for (int hdu = 1; status == TML_OK; ++hdu) {
        int code = 0;

        status = tml_fits_move_to(source, hdu, &there, error);
        if (status != TML_OK || !there)
            break;
        fits_get_hduaddrll(source->file, NULL, NULL, &end, &code);
        if (code != 0)
            return tml_fits_failure(source, "reading the header", code, error);
        if (end < 0 || (unsigned long long)end > count)
            return TML_FAIL(
                error, TML_BAD_DATA,
                "%s: HDU %d ends at byte %lld but the file at byte %zu: it is cut off; fetch it again",
                source->path, hdu, (long long)end, count);
    }
    if (status == TML_OK && !is_zero(bytes + end, count - (size_t)end))
        status = TML_FAIL(
            error, TML_BAD_DATA,
            "%s: the %zu bytes from byte %lld on are no part of a FITS file: it is cut off within a "
            "header or damaged; fetch it again",
            source->path, count - (size_t)end, (long long)end);
    return status;
}

static void check_sums(const tml_fits_source *source)
{
    int data_fits = 1;
    int hdu_fits = 1;
    int code = 0;

    fits_verify_chksum(source->file, &data_fits, &hdu_fits, &code);
    if (code == 0 && (data_fits < 0 || hdu_fits < 0))
        tml_warn(
            "checksum",
            "%s: HDU %d does not agree with its own checksum: it is damaged, or was changed by a program "
            "that does not keep checksums",
            source->path, source->hdu);
}

static tml_status look_at_hdu(tml_fits_source *source, const char *columns, tml_observation_raw *raw,
                              bool *found, tml_error *error)
{
    char object[TML_OBJECT_NAME];
    int type = ANY_HDU;
    int code = 0;

    source->reason[0] = '\0';
    fits_get_hdu_type(source->file, &type, &code);
    if (code != 0)
        return tml_fits_failure(source, "reading the header", code, error);
    tml_fits_text(source, "OBJECT", object, sizeof object);
    if (object[0] != '\0')
        memcpy(raw->object, object, sizeof object);
    if (type != IMAGE_HDU)
        return tml_fits_read_table(source, columns, raw, found, error);
    if (columns == NULL)
        return tml_fits_read_image(source, raw, found, error);
    (void)tml_text_copy(source->reason, sizeof source->reason, "no table");
    return TML_OK;
}

static tml_status no_spectrum(const tml_fits_source *source, const char *columns, const char *reasons,
                              tml_error *error)
{
    return TML_FAIL(error, TML_BAD_DATA, "%s: no spectrum is found in it%s%s. It holds:%s%s", source->path,
                    columns != NULL ? " with the columns " : "", columns != NULL ? columns : "", reasons,
                    columns != NULL ? "" : ". Name the columns of a table with --columns WAVE,FLUX,ERROR");
}

/* Looks at one HDU after the other; those that are no spectrum leave their reasons. */
static tml_status search(tml_fits_source *source, const char *columns, tml_observation_raw *raw,
                         tml_error *error)
{
    char reasons[REASONS] = "";
    size_t used = 0;
    bool found = false;
    bool there = true;
    tml_status status = TML_OK;

    for (int hdu = 1; status == TML_OK && !found; ++hdu) {
        status = tml_fits_move_to(source, hdu, &there, error);
        if (status == TML_OK && !there)
            return no_spectrum(source, columns, reasons, error);
        if (status == TML_OK)
            status = look_at_hdu(source, columns, raw, &found, error);
        if (used < sizeof reasons)
            used += (size_t)snprintf(reasons + used, sizeof reasons - used, "%s HDU %d: %s",
                                     used > 0 ? ";" : "", hdu, source->reason);
    }
    if (status == TML_OK)
        check_sums(source);
    return status;
}

tml_status tml_observation_fits_read(const char *path, char *bytes, size_t count, const char *columns,
                                     tml_observation_raw *raw, tml_error *error)
{
    tml_fits_source source = {NULL, path, 1, ""};
    void *buffer = bytes;
    int code = 0;
    tml_status status;

    memset(raw, 0, sizeof *raw);
    fits_open_memfile(&source.file, "observation", READONLY, &buffer, &count, 0, NULL, &code);
    if (code != 0)
        return tml_fits_failure(&source, "reading the header", code, error);
    status = check_length(&source, bytes, count, error);
    if (status == TML_OK)
        status = search(&source, columns, raw, error);
    code = 0;
    fits_close_file(source.file, &code);
    fits_clear_errmsg();
    if (status != TML_OK) {
        tml_observed_spectrum_free(&raw->pixels);
        memset(raw, 0, sizeof *raw);
    }
    return status;
}
