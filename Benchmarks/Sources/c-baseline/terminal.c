#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "programs.h"
#include "store.h"

// What stands in the terminal's line, and since when.
typedef struct {
    char text[1024];
    size_t length;
    double moment;
} line;

static void print_and_clear(line *line) {
    line->text[line->length] = 0;
    if (line->length > 0) printf("%.6f %s\n", line->moment, line->text);
    line->length = 0;
}

// A carriage return starts the line anew; `ESC [ K`, which empties it, is no part of its text.
static void add(line *line, const char *bytes, size_t count, double moment) {
    static const char erase[] = "\x1b[K";
    static size_t matched = 0;
    for (size_t index = 0; index < count; index++) {
        char byte = bytes[index];
        if (byte == erase[matched]) {
            matched = (matched + 1) % (sizeof erase - 1);
        } else if (byte == '\r' || byte == '\n') {
            print_and_clear(line);
        } else {
            matched = 0;
            if (line->length == 0) line->moment = moment;
            if (line->length + 1 < sizeof line->text) line->text[line->length++] = byte;
        }
    }
}

static int64_t peak_kib(const struct rusage *usage) {
#ifdef __APPLE__
    return usage->ru_maxrss / 1024;
#else
    return usage->ru_maxrss;
#endif
}

// Started from this small process: a child's peak memory counts what its parent had when it split off.
static pid_t start(const char *output, char **words, int terminal, const char *name) {
    pid_t child = fork();
    if (child != 0) return child;
    close(terminal);
    int error = open(name, O_RDWR | O_NOCTTY);
    int file = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (error < 0 || file < 0 || dup2(file, 1) < 0 || dup2(error, 2) < 0) _exit(126);
    close(error);
    close(file);
    execvp(words[0], words);
    _exit(127);
}

void at_terminal(const char *output, char **words) {
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) fail("no terminal for", words[0]);
    const char *name = ptsname(terminal);
    // Held open until the child has opened its own end: a terminal that nobody has open reads as ended.
    int held = name ? open(name, O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;
    if (held < 0) fail("no terminal for", words[0]);
    double begin = seconds_now();
    pid_t child = start(output, words, terminal, name);
    if (child < 0) fail("cannot start", words[0]);

    line line = {.length = 0};
    char bytes[4096];
    int status = 0;
    struct rusage usage;
    pid_t ended = 0;
    fcntl(terminal, F_SETFL, O_NONBLOCK);
    while (ended == 0) {
        ended = wait4(child, &status, WNOHANG, &usage);
        ssize_t count;
        while ((count = read(terminal, bytes, sizeof bytes)) > 0) {
            add(&line, bytes, (size_t)count, seconds_now() - begin);
        }
        if (ended == 0) usleep(2000);
    }
    print_and_clear(&line);
    close(held);
    close(terminal);
    printf("%.6f %lld %d\n", seconds_now() - begin, (long long)peak_kib(&usage), status);
}
