/* The cubic warp of crops in whole numbers: the counterpart of synthtext/labels/cubic.py. */

#include "native.h"
#include <string.h>

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
#define HAS_AVX2 __builtin_cpu_supports("avx2")
#if !defined(__clang__) && defined(__GLIBC__)
#define DIVIDES_IN_VECTORS __attribute__((target_clones("avx512f", "avx2", "default")))
#endif
#else
#define HAS_AVX2 0
#endif

enum { CHANNELS = 3, TAPS = 16, STEPS = 32, PLACES = STEPS * STEPS, CHUNK = 256 };

/* Where pixels of a row lie in the picture, in 1/32 pixel. */
typedef struct {
    int32_t right[CHUNK], low[CHUNK];
} Places;

typedef void (*Mixer)(const Picture *image, const Places *at, int count, const int16_t *weights, uint8_t *out);

/* Where in a picture a pixel's first neighbour may be, that none lies beyond the edge; by value, for what is written
 * could be anything behind a pointer. */
typedef struct {
    const uint8_t *pixels;
    Py_ssize_t row;
    size_t across, down;
} Room;

static inline Room room_in(const Picture *image)
{
    /* two pixels more than four: 16 bytes are read */
    size_t across = image->width > 5 ? (size_t)image->width - 5 : 0, down = image->height > 3 ? (size_t)image->height - 3 : 0;
    return (Room){image->pixels, image->row, across, down};
}

/* A pixel's 4 x 4 neighbours: the first one, and how far it is from row to row. */
typedef struct {
    const uint8_t *first;
    Py_ssize_t row;
} Neighbours;

static inline Py_ssize_t within(Py_ssize_t value, Py_ssize_t size)
{
    return value < 0 ? 0 : value >= size ? size - 1 : value;
}

/* Copy the 4 x 4 neighbours of a pixel at the edge, repeating it. */
static void gather(const Picture *image, Py_ssize_t left, Py_ssize_t top, uint8_t *block)
{
    for (int row = 0; row < 4; row++) {
        const uint8_t *line = image->pixels + within(top + row, image->height) * image->row;
        for (int column = 0; column < 4; column++)
            memcpy(block + 16 * row + CHANNELS * column, line + CHANNELS * within(left + column, image->width), CHANNELS);
    }
}

/* Return the neighbours of a pixel; in `block`, if some lie beyond the edge. 16 bytes can be read from each row's first. */
static inline Neighbours neighbours(const Picture *image, Room room, int32_t right, int32_t low, uint8_t *block)
{
    Py_ssize_t left = (right >> 5) - 1, top = (low >> 5) - 1;
    if ((size_t)left < room.across && (size_t)top < room.down)
        return (Neighbours){room.pixels + top * room.row + CHANNELS * left, room.row};
    gather(image, left, top, block);
    return (Neighbours){block, 16};
}

static inline const int16_t *weights_of(const int16_t *weights, int32_t right, int32_t low)
{
    return weights + TAPS * ((low & (STEPS - 1)) * STEPS + (right & (STEPS - 1)));
}

static inline uint8_t byte_of(int32_t sum)
{
    int32_t value = (sum + (1 << 14)) >> 15;
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* Write the pixels of a row. */
static void mix(const Picture *image, const Places *at, int count, const int16_t *weights, uint8_t *out)
{
    uint8_t block[64];
    Room room = room_in(image);
    for (int x = 0; x < count; x++, out += CHANNELS) {
        int32_t right = at->right[x], low = at->low[x];
        Neighbours found = neighbours(image, room, right, low, block);
        const int16_t *weight = weights_of(weights, right, low);
        int32_t sums[CHANNELS] = {0, 0, 0};
        for (int row = 0; row < 4; row++, found.first += found.row)
            for (int column = 0; column < 4; column++, weight++)
                for (int channel = 0; channel < CHANNELS; channel++)
                    sums[channel] += *weight * found.first[CHANNELS * column + channel];
        for (int channel = 0; channel < CHANNELS; channel++)
            out[channel] = byte_of(sums[channel]);
    }
}

#if defined(__GNUC__) && defined(__x86_64__)
/* The same, two rows at a time; a byte beyond each pixel is written. */
__attribute__((target("avx2"))) static void mix_avx2(const Picture *image, const Places *at, int count,
                                                     const int16_t *weights, uint8_t *out)
{
    /* Of four pixels b g r in a row, the first two or last two as pairs of 16 bits: b b, g g, r r, nothing. */
    const __m256i first_two = _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1, 0, -1, 3, -1,
                                               1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);
    const __m256i last_two = _mm256_setr_epi8(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1, 6, -1, 9, -1,
                                              7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
    const __m256i of_first = _mm256_setr_epi32(0, 0, 0, 0, 2, 2, 2, 2), of_last = _mm256_setr_epi32(1, 1, 1, 1, 3, 3, 3, 3);
    const __m128i half = _mm_set1_epi32(1 << 14);
    uint8_t block[64] = {0};
    Room room = room_in(image);
    for (int x = 0; x < count; x++, out += CHANNELS) {
        int32_t right = at->right[x], low = at->low[x];
        Neighbours found = neighbours(image, room, right, low, block);
        const int16_t *weight = weights_of(weights, right, low);
        __m256i sum = _mm256_setzero_si256();
        for (int pair = 0; pair < 2; pair++) {
            const uint8_t *pixels = found.first + 2 * pair * found.row;
            __m256i both = _mm256_inserti128_si256(
                _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)pixels)),
                _mm_loadu_si128((const __m128i *)(pixels + found.row)), 1);
            __m256i weigh = _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(weight + 8 * pair)));
            __m256i one = _mm256_madd_epi16(_mm256_shuffle_epi8(both, first_two),
                                            _mm256_permutevar8x32_epi32(weigh, of_first));
            __m256i other = _mm256_madd_epi16(_mm256_shuffle_epi8(both, last_two),
                                              _mm256_permutevar8x32_epi32(weigh, of_last));
            sum = _mm256_add_epi32(sum, _mm256_add_epi32(one, other));
        }
        __m128i total = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
        total = _mm_srai_epi32(_mm_add_epi32(total, half), 15);
        total = _mm_packus_epi16(_mm_packs_epi32(total, total), total);
        int32_t pixel = _mm_cvtsi128_si32(total);
        memcpy(out, &pixel, 4);
    }
}
#else
#define mix_avx2 mix
#endif

/* Tell the places of `count` pixels of a row, rounded to even. */
#ifdef DIVIDES_IN_VECTORS
DIVIDES_IN_VECTORS
#endif
static void places(const double *restrict back, double y, int from, int count, int32_t *restrict right,
                   int32_t *restrict low)
{
    const double far = 1073741824.0, rounder = 6755399441055744.0; /* 2^30; 1.5 * 2^52: adding it leaves no fraction */
    double across = back[1] * y + back[2], down = back[4] * y + back[5], depth = back[7] * y + back[8];
    double a = back[0], b = back[3], c = back[6];
    for (int at = 0; at < count; at++) {
        double x = (double)(from + at), deep = c * x + depth;
        double scale = STEPS / deep;
        scale = deep != 0.0 ? scale : 0.0;
        double to_right = (a * x + across) * scale, to_low = (b * x + down) * scale;
        to_right = to_right > far ? far : to_right;
        to_right = to_right < -far ? -far : to_right;
        to_low = to_low > far ? far : to_low;
        to_low = to_low < -far ? -far : to_low;
        right[at] = (int32_t)(to_right + rounder - rounder);
        low[at] = (int32_t)(to_low + rounder - rounder);
    }
}

static void warp_rows(const Picture *image, const Picture *made, const double *back, const int16_t *weights)
{
    Places at;
    uint8_t out[CHANNELS * CHUNK + 1];
    Mixer mixer = HAS_AVX2 ? mix_avx2 : mix;
    for (Py_ssize_t y = 0; y < made->height; y++)
        for (Py_ssize_t from = 0; from < made->width; from += CHUNK) {
            int count = made->width - from < CHUNK ? (int)(made->width - from) : CHUNK;
            places(back, (double)y, (int)from, count, at.right, at.low);
            mixer(image, &at, count, weights, out);
            memcpy(made->pixels + y * made->row + CHANNELS * from, out, (size_t)(CHANNELS * count));
        }
}

/* warp(image, made, back, weights) -> bool: False where the pictures do not lie in memory as they have to. */
PyObject *native_warp(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    double back[9];
    if (count != 4 || !PyTuple_Check(args[2]) || PyTuple_GET_SIZE(args[2]) != 9) {
        PyErr_SetString(PyExc_TypeError, "warp() takes a picture, one to write, nine numbers and weights");
        return NULL;
    }
    for (int at = 0; at < 9; at++) {
        back[at] = PyFloat_AsDouble(PyTuple_GET_ITEM(args[2], at));
        if (back[at] == -1.0 && PyErr_Occurred())
            return NULL;
    }
    Py_buffer table;
    if (PyObject_GetBuffer(args[3], &table, PyBUF_C_CONTIGUOUS) < 0)
        return NULL;
    Picture image, made;
    int found = table.len == PLACES * TAPS * (Py_ssize_t)sizeof(int16_t) ? picture_of(args[0], CHANNELS, 0, &image) : 0;
    if (found <= 0) {
        PyBuffer_Release(&table);
        return found < 0 ? NULL : Py_NewRef(Py_False);
    }
    found = picture_of(args[1], CHANNELS, 1, &made);
    int fits = found > 0 && image.height > 0 && image.width > 0;
    if (fits) {
        Py_BEGIN_ALLOW_THREADS
        warp_rows(&image, &made, back, table.buf);
        Py_END_ALLOW_THREADS
    }
    if (found > 0)
        PyBuffer_Release(&made.buffer);
    PyBuffer_Release(&image.buffer);
    PyBuffer_Release(&table);
    return found < 0 ? NULL : PyBool_FromLong(fits);
}
