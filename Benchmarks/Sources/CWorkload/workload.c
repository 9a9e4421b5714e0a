#include "workload.h"

#include <string.h>

static const workload_values values = {
    .owner = "bench-host:4711",
    .prompt = "A lighthouse on a basalt cliff at dusk, seen from the sea, heavy swell in the foreground, the lamp "
              "already lit, a thin line of orange light under the clouds, painted in gouache on rough paper, no "
              "people, no text",
    .model = "gpt-image-1.5",
    .size = "1024x1024",
    .quality = "high",
    .output_format = "png",
    .skill_version = "illustrate-2.3.0",
    .prompt_version = "2025-11-04",
    .template_version = "hero-7",
    .parts =
        {
            {"system", "templates/hero", "7", "Paint in gouache on rough paper. No people, no text."},
            {"user", "chat", "1",
             "A lighthouse on a basalt cliff at dusk, seen from the sea, heavy swell in the foreground."},
        },
    .storage_kind = "s3",
    .bucket = "renders",
    .content_type = "image/png",
    .sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    .byte_count = 1482113,
    .width = 1024,
    .height = 1024,
    .provider = "openai",
    .mode = "direct_image_model",
    .underlying_model = "gpt-image-1.5-2025-12-16",
    .request_id = "req_7d2f5a0f3f1e4b0c9c1d2e3f4a5b6c7d",
    .input_tokens = 50,
    .input_text_tokens = 50,
    .input_image_tokens = 0,
    .cached_input_tokens = 0,
    .output_tokens = 4160,
    .output_text_tokens = 0,
    .output_image_tokens = 4160,
    .total_tokens = 4210,
    .image_count = 1,
    .duration_ms = 18250,
    .cost_micros = 133370,
    .currency = "USD",
};

const workload_values *workload(void) { return &values; }

int64_t workload_fill_end(void) { return 1748736000000; }

// splitmix64 (Sebastiano Vigna, public domain): a bijection, so that different numbers never give one id.
static uint64_t scrambled(uint64_t number) {
    number += 0x9e3779b97f4a7c15;
    number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
    number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
    return number ^ (number >> 31);
}

void workload_run_id(uint64_t number, char id[workload_id_size]) {
    static const char digits[] = "0123456789abcdef";
    uint64_t bits = scrambled(number);
    memcpy(id, "run_", 4);
    for (int index = 0; index < 16; index++) id[4 + index] = digits[bits >> (60 - 4 * index) & 15];
    id[20] = 0;
}

void workload_artifact_id(int64_t moment, uint64_t number, char id[workload_id_size]) {
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    char *next = id + 4;
    memcpy(id, "art_", 4);
    for (int shift = 45; shift >= 0; shift -= 5) *next++ = alphabet[moment >> shift & 31];
    for (int half = 0; half < 2; half++) {
        uint64_t bits = scrambled(number * 2 + (uint64_t)half);
        for (int shift = 35; shift >= 0; shift -= 5) *next++ = alphabet[bits >> shift & 31];
    }
    *next = 0;
}

const char *workload_fill_model(uint64_t number) {
    uint64_t tenth = scrambled(number) % 10;
    return tenth < 7 ? values.model : tenth < 9 ? "gemini-3-pro-image" : "imagen-4";
}

int workload_fill_failed(uint64_t number) { return scrambled(~number) % 20 == 0; }
