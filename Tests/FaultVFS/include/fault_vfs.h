// A default SQLite VFS that asks a hook before every operation on a file: it may let it happen, or fail it.

#ifndef FAULT_VFS_H
#define FAULT_VFS_H

#include <stdint.h>

typedef enum {
    FAULT_OPEN,
    FAULT_READ,
    FAULT_WRITE,
    FAULT_TRUNCATE,
    FAULT_SYNC,
    FAULT_SIZE,
    FAULT_MAP_INDEX,
    FAULT_ACCESS,
    FAULT_DELETE,
} fault_operation;

typedef struct {
    fault_operation operation;
    // The file, as SQLite names it.
    const char *path;
    // Where it writes; for FAULT_TRUNCATE the new size.
    int64_t offset;
    // What it writes; otherwise null.
    const void *bytes;
    int64_t count;
    // FAULT_OPEN: whether the file is made when it is missing.
    int creates;
} fault_event;

// What the operation answers: 0 lets it happen, FAULT_DONE has it succeed without happening, any other value is its
// SQLite result code.
enum { FAULT_DONE = -1 };
typedef int (*fault_hook)(const fault_event *event);

// Stands before the default VFS of this process from now on. Files without a name are left alone. Returns a SQLite
// result code.
int fault_vfs_install(fault_hook hook);

#endif
