/* Resizing with linear interpolation in whole numbers: the counterpart of synthtext/bilinear.py. */

#include "native.h"
#include <math.h>
#include <string.h>

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
#define HAS_AVX2 __builtin_cpu_supports("avx2")
#else
#define HAS_AVX2 0
#endif

/* Steps between two pixels along a row and, in the arithmetic of 16 bits, down a column. */
enum { CHANNELS = 3, ACROSS = 64, ACROSS_BITS = 6, DOWN_BITS = 15, BLOCK = 16, LOADED = 16 };

/* Where a row or column of the result comes from: the first of two neighbours, and how much of the second. */
typedef struct {
    int32_t first, second, share;
} Source;

/* How sixteen bytes of the result come from the source, eight at a time: `from` which byte on 16 or 32 are loaded,
 * which of them are neighbours, and their weights. */
typedef struct {
    uint8_t near[2 * BLOCK], far[2 * BLOCK];
    int8_t weights[2 * BLOCK];
    int32_t from[2];
} Step;

static Source source_of(Py_ssize_t at, Py_ssize_t size, Py_ssize_t made, int steps)
{
    double place = ((double)at + 0.5) * ((double)size / (double)made) - 0.5;
    double first = floor(place);
    Source source = {(int32_t)first, (int32_t)first + 1, (int32_t)floor((place - first) * steps + 0.5)};
    if (first < 0.0)
        source = (Source){0, 0, 0};
    else if (source.second >= size)
        source = (Source){(int32_t)size - 1, (int32_t)size - 1, 0};
    return source;
}

/* Write a row of the source as wide as the result, in 1/64. */
static void stretch(const uint8_t *row, const Source *sources, Py_ssize_t width, int16_t *out)
{
    for (Py_ssize_t x = 0; x < width; x++) {
        const uint8_t *first = row + CHANNELS * sources[x].first, *second = row + CHANNELS * sources[x].second;
        int share = sources[x].share;
        for (int channel = 0; channel < CHANNELS; channel++)
            *out++ = (int16_t)(first[channel] * (ACROSS - share) + second[channel] * share);
    }
}

/* Write a row between two: `share` of the second in 1/32768, but less than all. */
static void between(const int16_t *restrict first, const int16_t *restrict second, int share, Py_ssize_t count,
                    uint8_t *restrict out)
{
    for (Py_ssize_t at = 0; at < count; at++) {
        int value = first[at] + (((second[at] - first[at]) * share + (1 << (DOWN_BITS - 1))) >> DOWN_BITS);
        out[at] = (uint8_t)((value + ACROSS / 2) >> ACROSS_BITS);
    }
}

#if defined(__GNUC__) && defined(__x86_64__)
/* Fill in the steps of a row; return how many bytes have to be loaded for each eight, 0 if more than 32. */
static int plan(const Source *sources, Py_ssize_t width, Py_ssize_t row_bytes, Step *steps)
{
    int most = LOADED;
    Py_ssize_t count = CHANNELS * width / BLOCK;
    for (Py_ssize_t at = 0; at < count; at++)
        for (int half = 0; half < 2; half++) {
            Py_ssize_t start = BLOCK * at + BLOCK / 2 * half;
            Py_ssize_t low = CHANNELS * sources[start / CHANNELS].first, high = low;
            for (Py_ssize_t byte = start; byte < start + BLOCK / 2; byte++)
                high = CHANNELS * (sources[byte / CHANNELS].second + 1);
            if (high - low > 2 * LOADED)
                return 0;
            if (high - low > LOADED)
                most = 2 * LOADED;
        }
    for (Py_ssize_t at = 0; at < count; at++)
        for (int half = 0; half < 2; half++) {
            Py_ssize_t start = BLOCK * at + BLOCK / 2 * half;
            Py_ssize_t from = CHANNELS * sources[start / CHANNELS].first;
            from = from > row_bytes - most ? row_bytes - most : from;
            if (from < 0)
                return 0;
            steps[at].from[half] = (int32_t)from;
            for (int byte = 0; byte < BLOCK / 2; byte++) {
                Source source = sources[(start + byte) / CHANNELS];
                int channel = (int)((start + byte) % CHANNELS), place = BLOCK * half + 2 * byte;
                Py_ssize_t pair[2] = {CHANNELS * source.first + channel - from, CHANNELS * source.second + channel - from};
                for (int one = 0; one < 2; one++) {
                    steps[at].near[place + one] = pair[one] < LOADED ? (uint8_t)pair[one] : 0x80;
                    steps[at].far[place + one] = pair[one] < LOADED ? 0x80 : (uint8_t)(pair[one] - LOADED);
                }
                steps[at].weights[place] = (int8_t)(ACROSS - source.share);
                steps[at].weights[place + 1] = (int8_t)source.share;
            }
        }
    return most;
}

__attribute__((target("avx2"))) static inline __m256i loaded(const uint8_t *row, const Step *step, int further)
{
    __m128i first = _mm_loadu_si128((const __m128i *)(row + step->from[0] + further));
    __m128i second = _mm_loadu_si128((const __m128i *)(row + step->from[1] + further));
    return _mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1);
}

/* As `stretch`, but for the last bytes that fill no block. */
__attribute__((target("avx2"))) static void stretch_avx2(const uint8_t *row, const Step *steps, Py_ssize_t count,
                                                         int most, int16_t *out)
{
    for (Py_ssize_t at = 0; at < count; at++, out += BLOCK) {
        const Step *step = steps + at;
        __m256i pairs = _mm256_shuffle_epi8(loaded(row, step, 0), _mm256_loadu_si256((const __m256i *)step->near));
        if (most > LOADED)
            pairs = _mm256_or_si256(pairs, _mm256_shuffle_epi8(loaded(row, step, LOADED),
                                                               _mm256_loadu_si256((const __m256i *)step->far)));
        __m256i sums = _mm256_maddubs_epi16(pairs, _mm256_loadu_si256((const __m256i *)step->weights));
        _mm256_storeu_si256((__m256i *)out, sums);
    }
}

__attribute__((target("avx2"))) static void between_avx2(const int16_t *first, const int16_t *second, int share,
                                                         Py_ssize_t count, uint8_t *out)
{
    const __m256i weight = _mm256_set1_epi16((short)share), half = _mm256_set1_epi16(ACROSS / 2);
    Py_ssize_t at = 0;
    for (; at + 2 * BLOCK <= count; at += 2 * BLOCK) {
        __m256i made[2];
        for (int one = 0; one < 2; one++) {
            __m256i above = _mm256_loadu_si256((const __m256i *)(first + at + BLOCK * one));
            __m256i below = _mm256_loadu_si256((const __m256i *)(second + at + BLOCK * one));
            __m256i moved = _mm256_mulhrs_epi16(_mm256_sub_epi16(below, above), weight);
            made[one] = _mm256_srai_epi16(_mm256_add_epi16(_mm256_add_epi16(above, moved), half), ACROSS_BITS);
        }
        __m256i bytes = _mm256_permute4x64_epi64(_mm256_packus_epi16(made[0], made[1]), 0xD8);
        _mm256_storeu_si256((__m256i *)(out + at), bytes);
    }
    between(first + at, second + at, share, count - at, out + at);
}
#else
static int plan(const Source *sources, Py_ssize_t width, Py_ssize_t row_bytes, Step *steps)
{
    return 0;
}

static void stretch_avx2(const uint8_t *row, const Step *steps, Py_ssize_t count, int most, int16_t *out)
{
}

#define between_avx2 between
#endif

/* What is allocated for one resizing. */
typedef struct {
    Source *across;
    Step *steps;
    int16_t *rows[2];
} Room;

static int resize(const Picture *image, const Picture *made, Room *room)
{
    Py_ssize_t bytes = CHANNELS * made->width, whole = bytes / BLOCK, done = whole * BLOCK / CHANNELS;
    for (Py_ssize_t x = 0; x < made->width; x++)
        room->across[x] = source_of(x, image->width, made->width, ACROSS);
    int fast = HAS_AVX2, most = fast ? plan(room->across, made->width, CHANNELS * image->width, room->steps) : 0;
    int32_t held[2] = {-1, -1}; /* which rows of the source lie in `rows` */
    for (Py_ssize_t y = 0; y < made->height; y++) {
        Source down = source_of(y, image->height, made->height, 1 << DOWN_BITS);
        int32_t wanted[2] = {down.first, down.second};
        const int16_t *lines[2];
        for (int one = 0; one < 2; one++) {
            int at = wanted[one] & 1; /* neighbours never share a place */
            if (held[at] != wanted[one]) {
                const uint8_t *row = image->pixels + wanted[one] * image->row;
                if (most) {
                    stretch_avx2(row, room->steps, whole, most, room->rows[at]);
                    stretch(row, room->across + done, made->width - done, room->rows[at] + CHANNELS * done);
                } else
                    stretch(row, room->across, made->width, room->rows[at]);
                held[at] = wanted[one];
            }
            lines[one] = room->rows[at];
        }
        int share = down.share < (1 << DOWN_BITS) ? down.share : (1 << DOWN_BITS) - 1;
        (fast ? between_avx2 : between)(lines[0], lines[1], share, bytes, made->pixels + y * made->row);
    }
    return 1;
}

/* resize(image, made) -> bool: False where the pictures do not lie in memory as they have to. */
PyObject *native_resize(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    if (count != 2) {
        PyErr_SetString(PyExc_TypeError, "resize() takes a picture and one to write");
        return NULL;
    }
    Picture image, made;
    int found = picture_of(args[0], CHANNELS, 0, &image);
    if (found <= 0)
        return found < 0 ? NULL : Py_NewRef(Py_False);
    found = picture_of(args[1], CHANNELS, 1, &made);
    if (found <= 0) {
        PyBuffer_Release(&image.buffer);
        return found < 0 ? NULL : Py_NewRef(Py_False);
    }
    int fits = image.height > 0 && image.width > 0 && made.height > 0 && made.width > 0;
    size_t bytes = CHANNELS * (size_t)made.width;
    Room room = {PyMem_Malloc((size_t)made.width * sizeof(Source)), PyMem_Malloc((bytes / BLOCK + 1) * sizeof(Step)),
                 {PyMem_Malloc(bytes * sizeof(int16_t)), PyMem_Malloc(bytes * sizeof(int16_t))}};
    int enough = room.across != NULL && room.steps != NULL && room.rows[0] != NULL && room.rows[1] != NULL;
    if (fits && enough) {
        Py_BEGIN_ALLOW_THREADS
        resize(&image, &made, &room);
        Py_END_ALLOW_THREADS
    }
    PyMem_Free(room.across);
    PyMem_Free(room.steps);
    PyMem_Free(room.rows[0]);
    PyMem_Free(room.rows[1]);
    PyBuffer_Release(&made.buffer);
    PyBuffer_Release(&image.buffer);
    return enough ? PyBool_FromLong(fits) : PyErr_NoMemory();
}
