#pragma once
#include <stdint.h>

// One lifecycle after the other for some seconds, `group` operations a transaction. Prints count and seconds.
void lifecycle(const char *path, const char *migrations, double seconds, int group);
// Fills a store with finished artifacts in runs of sixteen.
void fill(const char *path, const char *migrations, uint64_t count);
// Reads runs of a filled store for some seconds. Prints count and seconds.
void run_detail(const char *path, uint64_t runs, double seconds);
// Fills a store with artifacts of many prompts, over 90 days.
void fill_prompts(const char *path, const char *migrations, uint64_t count);
// Asks a query again and again, and reads all it gives, prompt parts too where it gives artifacts. Prints the number of
// rows, and the median and the 99th percentile in seconds.
void query(const char *path, int times, int of_artifacts, const char *sql);
// How long fdatasync takes behind a write of one page. Prints median, 10th and 90th percentile in seconds.
void sync_latency(const char *path, int count);
// Runs a program to its end with its standard error at a terminal of its own, and its standard output in a file. Prints
// every line that it shows there as seconds and text; then its seconds, its peak memory in KiB and its wait status.
void at_terminal(const char *output, char **words);
