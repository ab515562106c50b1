#include "io/file_digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xxhash.h>

#include "core/fault.h"
#include "core/log.h"
#include "core/memory.h"
#include "mpi/agree.h"
#include "mpi/share.h"

enum { PIECE = 1 << 20, SIGNATURE = 8 };

static const unsigned char HDF5_SIGNATURE[SIGNATURE] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
static const char LINE_START[] = "telescopeml-digest 1 xxh3-128 ";

/* Reads up to `count` bytes; fewer only at the end of the file. Negative, with errno, on failure. */
static ssize_t read_at(int descriptor, void *bytes, size_t count, uint64_t offset)
{
    size_t done = 0;

    while (done < count) {
        ssize_t now = tml_fault("pread") ? -1
                                         : pread(descriptor, (unsigned char *)bytes + done, count - done,
                                                 (off_t)(offset + done));

        if (now < 0 && errno == EINTR)
            continue;
        if (now < 0)
            return -1;
        if (now == 0)
            break;
        done += (size_t)now;
    }
    return (ssize_t)done;
}

static tml_status open_file(const char *path, int *descriptor, uint64_t *bytes, tml_error *error)
{
    struct stat about;

    *descriptor = tml_fault("open") ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (*descriptor < 0)
        return TML_FAIL(error, TML_NO_INPUT, "%s: cannot be opened: %s; check the path", path,
                        strerror(errno));
    if (fstat(*descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
        close(*descriptor);
        return TML_FAIL(error, TML_NO_INPUT, "%s: is not a file", path);
    }
    *bytes = (uint64_t)about.st_size;
    return TML_OK;
}

static void make_user_block(const tml_digest *digest, unsigned char block[TML_USER_BLOCK])
{
    char text[TML_DIGEST_TEXT];

    memset(block, 0, TML_USER_BLOCK);
    tml_digest_text(digest, text);
    snprintf((char *)block, TML_USER_BLOCK, "%s%s\n", LINE_START, text);
}

static int hex_value(unsigned char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* Two marks, so that no single damaged byte makes a block of ours look like somebody else's. */
static bool is_ours(const unsigned char block[TML_USER_BLOCK])
{
    return memcmp(block, "telescopeml-digest", 18) == 0 || memcmp(block + 21, "xxh3-128 ", 9) == 0;
}

static void read_user_block(const unsigned char block[TML_USER_BLOCK], tml_file_head *head)
{
    const unsigned char *hex = block + sizeof LINE_START - 1;
    unsigned char canonical[TML_USER_BLOCK];

    head->has_digest = is_ours(block);
    if (!head->has_digest)
        return;
    for (size_t i = 0; i < TML_DIGEST_BYTES; ++i) {
        int high = hex_value(hex[2 * i]);
        int low = hex_value(hex[2 * i + 1]);

        if (high < 0 || low < 0) {
            head->is_damaged = true;
            return;
        }
        head->digest.bytes[i] = (unsigned char)(high * 16 + low);
    }
    make_user_block(&head->digest, canonical);
    head->is_damaged = memcmp(canonical, block, TML_USER_BLOCK) != 0;
}

tml_status tml_file_head_read(const char *path, tml_file_head *head, tml_error *error)
{
    unsigned char start[TML_USER_BLOCK + SIGNATURE] = {0};
    int descriptor;
    ssize_t count;
    tml_status status;

    memset(head, 0, sizeof *head);
    status = open_file(path, &descriptor, &head->bytes, error);
    if (status != TML_OK)
        return status;
    count = read_at(descriptor, start, sizeof start, 0);
    if (count < 0)
        status = TML_FAIL(error, TML_IO_ERROR, "%s: cannot be read: %s", path, strerror(errno));
    close(descriptor);
    if (status != TML_OK)
        return status;
    head->is_hdf5 = memcmp(start, HDF5_SIGNATURE, SIGNATURE) == 0 ||
                    memcmp(start + TML_USER_BLOCK, HDF5_SIGNATURE, SIGNATURE) == 0;
    if (count >= TML_USER_BLOCK)
        read_user_block(start, head);
    return TML_OK;
}

static tml_status block_digest(int descriptor, const char *path, uint64_t offset, size_t count,
                               XXH3_state_t *state, unsigned char *piece, tml_digest *digest,
                               tml_error *error)
{
    XXH128_canonical_t canonical;

    XXH3_128bits_reset(state);
    for (size_t done = 0; done < count;) {
        size_t want = count - done < PIECE ? count - done : PIECE;
        ssize_t got = read_at(descriptor, piece, want, offset + done);

        if (got < 0 || (size_t)got < want)
            return TML_FAIL(error, TML_IO_ERROR, "%s: cannot read %zu bytes at %llu: %s", path, want,
                            (unsigned long long)(offset + done),
                            got < 0 ? strerror(errno) : "the file ends there");
        XXH3_128bits_update(state, piece, want);
        done += want;
    }
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
    memcpy(digest->bytes, canonical.digest, sizeof digest->bytes);
    return TML_OK;
}

static uint64_t block_count(uint64_t bytes)
{
    return (bytes - TML_USER_BLOCK + TML_DIGEST_BLOCK - 1) / TML_DIGEST_BLOCK;
}

/* Digests of the blocks [share.first, share.first + share.count) of a file of `bytes` bytes. */
static tml_status digest_blocks(const char *path, uint64_t bytes, tml_share share, tml_digest *digests,
                                tml_error *error)
{
    unsigned char *piece = tml_fault("piece of a file") ? NULL : malloc(PIECE);
    XXH3_state_t *state = XXH3_createState();
    uint64_t size_now;
    int descriptor = -1;
    tml_status status = TML_OK;

    if (piece == NULL || state == NULL)
        status = TML_FAIL(error, TML_INTERNAL, "%s: no memory for its digest", path);
    if (status == TML_OK)
        status = open_file(path, &descriptor, &size_now, error);
    for (uint64_t i = 0; status == TML_OK && i < share.count; ++i) {
        uint64_t offset = TML_USER_BLOCK + (share.first + i) * TML_DIGEST_BLOCK;
        uint64_t left = bytes - offset;

        status = block_digest(descriptor, path, offset,
                              left < TML_DIGEST_BLOCK ? (size_t)left : (size_t)TML_DIGEST_BLOCK, state, piece,
                              &digests[i], error);
    }
    if (descriptor >= 0)
        close(descriptor);
    XXH3_freeState(state);
    free(piece);
    return status;
}

static tml_status file_bytes(const char *path, uint64_t *bytes, tml_error *error)
{
    int descriptor;
    tml_status status = open_file(path, &descriptor, bytes, error);

    if (status != TML_OK)
        return status;
    close(descriptor);
    if (*bytes <= TML_USER_BLOCK)
        return TML_FAIL(error, TML_BAD_DATA, "%s: only %llu bytes long, which is no complete file", path,
                        (unsigned long long)*bytes);
    return TML_OK;
}

tml_status tml_file_digest_compute(const char *path, tml_digest *digest, tml_error *error)
{
    tml_digest *digests = NULL;
    tml_share share = {0, 0};
    uint64_t bytes = 0;
    tml_status status = file_bytes(path, &bytes, error);

    if (status == TML_OK) {
        share.count = block_count(bytes);
        status = tml_array_create((size_t)share.count, sizeof *digests, "digests of blocks", &digests, error);
    }
    if (status == TML_OK)
        status = digest_blocks(path, bytes, share, digests, error);
    if (status == TML_OK)
        *digest = tml_digest_of(digests, (size_t)share.count * sizeof *digests);
    free(digests);
    return status;
}

tml_status tml_file_digest_seal_memory(void *bytes, size_t count, tml_error *error)
{
    unsigned char *start = bytes;
    size_t blocks = (size_t)block_count(count);
    tml_digest *digests = NULL;
    tml_digest digest;
    tml_status status = tml_array_create(blocks, sizeof *digests, "digests of blocks", &digests, error);

    if (status != TML_OK)
        return status;
    for (size_t i = 0; i < blocks; ++i) {
        size_t offset = TML_USER_BLOCK + i * TML_DIGEST_BLOCK;
        size_t left = count - offset;

        digests[i] = tml_digest_of(start + offset, left < TML_DIGEST_BLOCK ? left : TML_DIGEST_BLOCK);
    }
    digest = tml_digest_of(digests, blocks * sizeof *digests);
    make_user_block(&digest, start);
    free(digests);
    return TML_OK;
}

/* All blocks' digests arrive everywhere by a sum over ranks of bytes that only one rank has set: no counts or
 * displacements to get wrong, and 16 bytes for each 64 MiB are nothing. */
static tml_status combine(MPI_Comm comm, tml_digest *digests, uint64_t count, tml_digest *digest,
                          tml_error *error)
{
    tml_status status = TML_OK;

    for (uint64_t done = 0; status == TML_OK && done < count;) {
        uint64_t now = count - done < 65536 ? count - done : 65536;

        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, digests + done, (int)(now * TML_DIGEST_BYTES),
                                             MPI_BYTE, MPI_BOR, comm),
                               "collecting the digests of blocks", error);
        done += now;
    }
    if (status == TML_OK)
        *digest = tml_digest_of(digests, (size_t)count * sizeof *digests);
    return status;
}

tml_status tml_file_digest_compute_all(MPI_Comm comm, const char *path, tml_digest *digest, tml_error *error)
{
    tml_digest *digests = NULL;
    tml_share share = {0, 0};
    uint64_t bytes = 0;
    uint64_t blocks = 0;
    int rank = 0;
    int size = 1;
    tml_status status = TML_OK;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    if (rank == 0)
        status = file_bytes(path, &bytes, error);
    status = tml_agree(comm, status, error);
    if (status != TML_OK)
        return status;
    status = tml_mpi_check(MPI_Bcast(&bytes, 1, MPI_UINT64_T, 0, comm), "sharing the length of a file",
                           error);
    if (status == TML_OK) {
        blocks = block_count(bytes);
        share = tml_share_of(blocks, rank, size);
        status = tml_array_create((size_t)blocks, sizeof *digests, "digests of blocks", &digests, error);
    }
    if (status == TML_OK && share.count > 0)
        status = digest_blocks(path, bytes, share, digests + share.first, error);
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = combine(comm, digests, blocks, digest, error);
    free(digests);
    return status;
}

tml_status tml_file_digest_seal(const char *path, const tml_digest *digest, tml_error *error)
{
    unsigned char block[TML_USER_BLOCK];
    int descriptor = tml_fault("open for a digest") ? -1 : open(path, O_WRONLY | O_CLOEXEC);
    tml_status status = TML_OK;

    if (descriptor < 0)
        return TML_FAIL(error, TML_IO_ERROR, "%s: cannot be opened for its digest: %s", path,
                        strerror(errno));
    make_user_block(digest, block);
    if (tml_fault("pwrite") || pwrite(descriptor, block, sizeof block, 0) != (ssize_t)sizeof block)
        status = TML_FAIL(error, TML_IO_ERROR, "%s: cannot write its digest: %s", path, strerror(errno));
    if (close(descriptor) != 0 && status == TML_OK)
        status = TML_FAIL(error, TML_IO_ERROR, "%s: cannot be closed: %s", path, strerror(errno));
    return status;
}

/* What the head alone decides. False: the digest has to be computed. */
static bool judge_head(const tml_file_head *head, tml_file_digest_state *state)
{
    if (head->has_digest && !head->is_damaged && head->bytes > TML_USER_BLOCK)
        return false;
    *state = head->has_digest ? TML_FILE_DIGEST_WRONG : TML_FILE_DIGEST_ABSENT;
    return true;
}

static tml_file_digest_state compare(const tml_digest *stored, const tml_digest *computed)
{
    return memcmp(stored->bytes, computed->bytes, TML_DIGEST_BYTES) == 0 ? TML_FILE_DIGEST_OK
                                                                         : TML_FILE_DIGEST_WRONG;
}

tml_status tml_file_digest_verify(const char *path, tml_file_digest_state *state, tml_error *error)
{
    tml_file_head head;
    tml_digest computed;
    tml_status status = tml_file_head_read(path, &head, error);

    if (status != TML_OK || judge_head(&head, state))
        return status;
    status = tml_file_digest_compute(path, &computed, error);
    if (status == TML_OK)
        *state = compare(&head.digest, &computed);
    return status;
}

tml_status tml_file_digest_verify_all(MPI_Comm comm, const char *path, tml_file_digest_state *state,
                                      tml_error *error)
{
    tml_file_head head = {0, false, false, false, {{0}}};
    tml_digest computed;
    int rank = 0;
    tml_status status = TML_OK;

    MPI_Comm_rank(comm, &rank);
    if (rank == 0)
        status = tml_file_head_read(path, &head, error);
    status = tml_agree(comm, status, error);
    if (status != TML_OK)
        return status;
    status = tml_mpi_check(MPI_Bcast(&head, (int)sizeof head, MPI_BYTE, 0, comm),
                           "sharing the head of a file", error);
    if (status != TML_OK || judge_head(&head, state))
        return status;
    status = tml_file_digest_compute_all(comm, path, &computed, error);
    if (status == TML_OK)
        *state = compare(&head.digest, &computed);
    return status;
}

tml_status tml_file_digest_refuse(const char *path, tml_error *error)
{
    return TML_FAIL(
        error, TML_BAD_DATA,
        "%s: its contents do not agree with the digest written at its start: the file is damaged or "
        "incomplete; make it again or copy it again from where it is whole",
        path);
}

void tml_file_digest_warn(const char *path)
{
    tml_warn("no_digest",
             "%s: carries no digest, so it was not made by this program; damage may go unnoticed", path);
}
