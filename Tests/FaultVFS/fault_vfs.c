#include "fault_vfs.h"

#include <sqlite3.h>
#include <stddef.h>

typedef struct {
    sqlite3_file base;
    // Lives as long as the file: SQLite says so of the name it gives to xOpen.
    const char *path;
    sqlite3_io_methods methods;
    // The real file follows in the same allocation.
} fault_file;

static sqlite3_vfs vfs;
static sqlite3_vfs *real_vfs;
static fault_hook hook;

static sqlite3_file *real(sqlite3_file *file) {
    return (sqlite3_file *)((char *)file + ((sizeof(fault_file) + 15) & ~(size_t)15));
}

static int ask(fault_operation operation, const char *path, int64_t offset, const void *bytes, int64_t count, int creates) {
    if (path == NULL) return SQLITE_OK;
    fault_event event = {operation, path, offset, bytes, count, creates};
    return hook(&event);
}

static int ask_file(fault_operation operation, sqlite3_file *file, int64_t offset, const void *bytes, int64_t count) {
    return ask(operation, ((fault_file *)file)->path, offset, bytes, count, 0);
}

static int fault_close(sqlite3_file *file) { return real(file)->pMethods->xClose(real(file)); }

static int fault_read(sqlite3_file *file, void *buffer, int count, sqlite3_int64 offset) {
    int code = ask_file(FAULT_READ, file, offset, NULL, count);
    return code != SQLITE_OK ? code : real(file)->pMethods->xRead(real(file), buffer, count, offset);
}

static int fault_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    int code = ask_file(FAULT_WRITE, file, offset, bytes, count);
    return code != SQLITE_OK ? code : real(file)->pMethods->xWrite(real(file), bytes, count, offset);
}

static int fault_truncate(sqlite3_file *file, sqlite3_int64 size) {
    int code = ask_file(FAULT_TRUNCATE, file, size, NULL, 0);
    return code != SQLITE_OK ? code : real(file)->pMethods->xTruncate(real(file), size);
}

static int fault_sync(sqlite3_file *file, int flags) {
    int code = ask_file(FAULT_SYNC, file, 0, NULL, 0);
    if (code == FAULT_DONE) return SQLITE_OK;
    return code != SQLITE_OK ? code : real(file)->pMethods->xSync(real(file), flags);
}

static int fault_size(sqlite3_file *file, sqlite3_int64 *size) {
    int code = ask_file(FAULT_SIZE, file, 0, NULL, 0);
    return code != SQLITE_OK ? code : real(file)->pMethods->xFileSize(real(file), size);
}

static int fault_lock(sqlite3_file *file, int level) { return real(file)->pMethods->xLock(real(file), level); }

static int fault_unlock(sqlite3_file *file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }

static int fault_check_reserved(sqlite3_file *file, int *result) {
    return real(file)->pMethods->xCheckReservedLock(real(file), result);
}

static int fault_control(sqlite3_file *file, int operation, void *argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int fault_sector_size(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }

static int fault_device(sqlite3_file *file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }

static int fault_shm_map(sqlite3_file *file, int region, int size, int extends, void volatile **memory) {
    int code = ask_file(FAULT_MAP_INDEX, file, 0, NULL, 0);
    return code != SQLITE_OK ? code : real(file)->pMethods->xShmMap(real(file), region, size, extends, memory);
}

static int fault_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void fault_shm_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }

static int fault_shm_unmap(sqlite3_file *file, int deletes) {
    return real(file)->pMethods->xShmUnmap(real(file), deletes);
}

static int fault_fetch(sqlite3_file *file, sqlite3_int64 offset, int count, void **memory) {
    return real(file)->pMethods->xFetch(real(file), offset, count, memory);
}

static int fault_unfetch(sqlite3_file *file, sqlite3_int64 offset, void *memory) {
    return real(file)->pMethods->xUnfetch(real(file), offset, memory);
}

static int fault_open(sqlite3_vfs *self, sqlite3_filename name, sqlite3_file *file, int flags, int *flags_out) {
    (void)self;
    fault_file *opened = (fault_file *)file;
    opened->base.pMethods = NULL;
    opened->path = name;
    int code = ask(FAULT_OPEN, name, 0, NULL, 0, (flags & SQLITE_OPEN_CREATE) != 0);
    if (code != SQLITE_OK) return code;
    code = real_vfs->xOpen(real_vfs, name, real(file), flags, flags_out);
    if (real(file)->pMethods == NULL) return code;
    opened->methods = (sqlite3_io_methods){
        real(file)->pMethods->iVersion, fault_close, fault_read, fault_write, fault_truncate, fault_sync, fault_size,
        fault_lock, fault_unlock, fault_check_reserved, fault_control, fault_sector_size, fault_device, fault_shm_map,
        fault_shm_lock, fault_shm_barrier, fault_shm_unmap, fault_fetch, fault_unfetch};
    opened->base.pMethods = &opened->methods;
    return code;
}

static int fault_delete(sqlite3_vfs *self, const char *path, int syncs_folder) {
    (void)self;
    int code = ask(FAULT_DELETE, path, 0, NULL, syncs_folder, 0);
    return code != SQLITE_OK ? code : real_vfs->xDelete(real_vfs, path, syncs_folder);
}

static int fault_access(sqlite3_vfs *self, const char *path, int flags, int *result) {
    (void)self;
    int code = ask(FAULT_ACCESS, path, 0, NULL, 0, 0);
    return code != SQLITE_OK ? code : real_vfs->xAccess(real_vfs, path, flags, result);
}

int fault_vfs_install(fault_hook new_hook) {
    if (real_vfs != NULL) return SQLITE_MISUSE;
    int code = sqlite3_initialize();
    if (code != SQLITE_OK) return code;
    real_vfs = sqlite3_vfs_find(NULL);
    hook = new_hook;
    // Everything else goes to the real one, which finds its own state in pAppData.
    vfs = *real_vfs;
    vfs.zName = "fault";
    vfs.pNext = NULL;
    vfs.szOsFile = (int)((sizeof(fault_file) + 15) & ~(size_t)15) + real_vfs->szOsFile;
    vfs.xOpen = fault_open;
    vfs.xDelete = fault_delete;
    vfs.xAccess = fault_access;
    return sqlite3_vfs_register(&vfs, 1);
}
