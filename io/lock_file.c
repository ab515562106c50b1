#include "io/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/fault.h"
#include "core/log.h"

static tml_status refuse(const char *path, int descriptor, tml_error *error)
{
    char owner[256] = "";
    ssize_t length = read(descriptor, owner, sizeof owner - 1);

    owner[length > 0 ? strcspn(owner, "\n") : 0] = '\0';
    return TML_FAIL(error, TML_CANNOT_CREATE,
                    "%s is held by another job%s%s%s: wait until it has ended, or choose "
                    "another folder",
                    path, owner[0] != '\0' ? " (" : "", owner, owner[0] != '\0' ? ")" : "");
}

tml_status tml_lock_file_take(const char *path, const char *owner, int *descriptor, tml_error *error)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int made = tml_fault("open a lock") ? -1 : open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    tml_status status;

    *descriptor = -1;
    if (made < 0)
        return TML_FAIL(error, TML_CANNOT_CREATE,
                        "%s: cannot be made (%s); check that the folder may be written to", path,
                        strerror(errno));
    if (tml_fault("lock") || fcntl(made, F_SETLK, &whole) != 0) {
        if (errno == EACCES || errno == EAGAIN) {
            status = refuse(path, made, error);
            close(made);
            return status;
        }
        tml_warn("no_lock",
                 "%s: this file system gives no locks (%s); see to it yourself that no other job uses the "
                 "same folder",
                 path, strerror(errno));
    }
    /* The words are a courtesy: the lock holds without them. */
    if (ftruncate(made, 0) != 0 || write(made, owner, strlen(owner)) < 0 || write(made, "\n", 1) < 0)
        tml_log(TML_LOG_DETAIL, "%s: the name of its owner could not be written", path);
    *descriptor = made;
    return TML_OK;
}

void tml_lock_file_release(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}
