/* Light on what is laid into a picture: the counterpart of `plain_light` in synthtext/scenes/draw.py, and of the end of
 * `plain_hang` in synthtext/scenes/hang.py. */

#include "native.h"
#include <string.h>

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
#define HAS_AVX2 __builtin_cpu_supports("avx2")
#else
#define HAS_AVX2 0
#endif

enum { CHANNELS = 3, AT_ONCE = 4 };

/* Return a value under a light of which 128 leaves it as it is; halves go to the even number, as in OpenCV. */
static inline unsigned lit(unsigned value, unsigned light)
{
    unsigned product = value * light;
    return (product + 63 + (product >> 7 & 1)) >> 7;
}

static inline uint8_t byte_of(unsigned value)
{
    return (uint8_t)(value > 255 ? 255 : value);
}

/* Lay pixels of a row, colours multiplied by their alpha, onto a picture. `shade` and `light` may be NULL. */
static void cover_row(uint8_t *view, const uint8_t *stamp, const uint8_t *shade, const uint8_t *light, Py_ssize_t from,
                      Py_ssize_t width)
{
    for (Py_ssize_t x = from; x < width; x++) {
        unsigned keep = 255u - stamp[4 * x + 3];
        if (shade != NULL)
            keep = scaled(keep, shade[x]);
        for (int channel = 0; channel < CHANNELS; channel++) {
            unsigned shown = stamp[4 * x + channel];
            if (light != NULL)
                shown = lit(shown, light[x]);
            view[CHANNELS * x + channel] = byte_of(scaled(view[CHANNELS * x + channel], keep) + shown);
        }
    }
}

/* Return the light on a pixel of ink: of its surface as far as there is ink, else 128. */
static inline uint8_t factor_of(uint8_t gray, uint8_t ink, const uint8_t *gains, const uint8_t *keeps)
{
    return byte_of(scaled(gains[gray], ink) + keeps[ink]);
}

/* Put the ink of a row under the light of a gray picture. */
static void light_row(uint8_t *view, const uint8_t *gray, const uint8_t *mask, const uint8_t *gains, const uint8_t *keeps,
                      Py_ssize_t from, Py_ssize_t width)
{
    for (Py_ssize_t x = from; x < width; x++)
        for (int channel = 0; mask[x] && channel < CHANNELS; channel++) {
            unsigned factor = factor_of(gray[x], mask[x], gains, keeps);
            view[CHANNELS * x + channel] = byte_of(lit(view[CHANNELS * x + channel], factor));
        }
}

#if defined(__GNUC__) && defined(__x86_64__)
__attribute__((target("avx2"))) static inline __m256i scaled_avx2(__m256i first, __m256i second)
{
    __m256i product = _mm256_add_epi16(_mm256_mullo_epi16(first, second), _mm256_set1_epi16(128));
    return _mm256_srli_epi16(_mm256_add_epi16(product, _mm256_srli_epi16(product, 8)), 8);
}

/* Return values of four pixels, thrice each, as 16 bits. */
__attribute__((target("avx2"))) static inline __m256i thrice(const uint8_t *values)
{
    int32_t four;
    memcpy(&four, values, 4);
    const __m128i each = _mm_setr_epi8(0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, -1, -1, -1, -1);
    return _mm256_cvtepu8_epi16(_mm_shuffle_epi8(_mm_cvtsi32_si128(four), each));
}

__attribute__((target("avx2"))) static inline __m256i lit_avx2(__m256i values, __m256i light)
{
    __m256i product = _mm256_mullo_epi16(values, light);
    __m256i odd = _mm256_and_si256(_mm256_srli_epi16(product, 7), _mm256_set1_epi16(1));
    return _mm256_srli_epi16(_mm256_add_epi16(_mm256_add_epi16(product, _mm256_set1_epi16(63)), odd), 7);
}

/* Write twelve bytes, and not one more: who reads again what was just written, but from elsewhere, has to wait. */
__attribute__((target("avx2"))) static inline void put(uint8_t *out, __m256i values)
{
    __m128i made = _mm_packus_epi16(_mm256_castsi256_si128(values), _mm256_extracti128_si256(values, 1));
    int32_t last = _mm_extract_epi32(made, 2);
    _mm_storel_epi64((__m128i *)out, made);
    memcpy(out + 8, &last, 4);
}

/* The same, four pixels at a time; returns how many were done. */
__attribute__((target("avx2"))) static Py_ssize_t cover_row_avx2(uint8_t *view, const uint8_t *stamp,
                                                                 const uint8_t *shade, const uint8_t *light,
                                                                 Py_ssize_t width)
{
    const __m128i colors = _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
    const __m128i alphas = _mm_setr_epi8(3, 3, 3, 7, 7, 7, 11, 11, 11, 15, 15, 15, -1, -1, -1, -1);
    const __m256i full = _mm256_set1_epi16(255);
    Py_ssize_t x = 0;
    for (; x + AT_ONCE + 2 <= width; x += AT_ONCE) { /* sixteen bytes are read */
        __m128i four = _mm_loadu_si128((const __m128i *)(stamp + 4 * x));
        __m128i under = _mm_loadu_si128((const __m128i *)(view + CHANNELS * x));
        __m256i keep = _mm256_sub_epi16(full, _mm256_cvtepu8_epi16(_mm_shuffle_epi8(four, alphas)));
        if (shade != NULL)
            keep = scaled_avx2(keep, thrice(shade + x));
        __m256i shown = _mm256_cvtepu8_epi16(_mm_shuffle_epi8(four, colors));
        if (light != NULL)
            shown = lit_avx2(shown, thrice(light + x));
        __m256i sum = _mm256_add_epi16(scaled_avx2(_mm256_cvtepu8_epi16(under), keep), shown);
        put(view + CHANNELS * x, sum);
    }
    return x;
}

/* As `light_row`, four pixels at a time; returns how many were done. */
__attribute__((target("avx2"))) static Py_ssize_t light_row_avx2(uint8_t *view, const uint8_t *gray, const uint8_t *mask,
                                                                 const uint8_t *gains, const uint8_t *keeps,
                                                                 Py_ssize_t width)
{
    Py_ssize_t x = 0;
    for (; x + AT_ONCE + 2 <= width; x += AT_ONCE) {
        uint8_t factors[AT_ONCE];
        uint32_t ink;
        memcpy(&ink, mask + x, AT_ONCE);
        if (!ink)
            continue;
        for (int at = 0; at < AT_ONCE; at++)
            factors[at] = factor_of(gray[x + at], mask[x + at], gains, keeps);
        __m128i under = _mm_loadu_si128((const __m128i *)(view + CHANNELS * x));
        put(view + CHANNELS * x, lit_avx2(_mm256_cvtepu8_epi16(under), thrice(factors)));
    }
    return x;
}
#else
static Py_ssize_t light_row_avx2(uint8_t *view, const uint8_t *gray, const uint8_t *mask, const uint8_t *gains,
                                 const uint8_t *keeps, Py_ssize_t width)
{
    return 0;
}

static Py_ssize_t cover_row_avx2(uint8_t *view, const uint8_t *stamp, const uint8_t *shade, const uint8_t *light,
                                 Py_ssize_t width)
{
    return 0;
}
#endif

static int alike(const Picture *first, const Picture *second)
{
    return first->height == second->height && first->width == second->width;
}

int pictures_of(PyObject *const *objects, const Py_ssize_t *channels, int count, Picture *pictures)
{
    int found = 1, at = 0;
    for (; at < count && found > 0; at++) {
        pictures[at].pixels = NULL;
        if (objects[at] == Py_None && channels[at] == 1)
            continue;
        found = picture_of(objects[at], channels[at], at == 0, pictures + at);
        if (found <= 0)
            pictures[at].pixels = NULL;
        else if (!alike(pictures, pictures + at))
            found = 0;
    }
    for (int held = 0; found <= 0 && held < at; held++)
        if (pictures[held].pixels != NULL)
            PyBuffer_Release(&pictures[held].buffer);
    return found;
}

void release_pictures(Picture *pictures, int count)
{
    for (int at = 0; at < count; at++)
        if (pictures[at].pixels != NULL)
            PyBuffer_Release(&pictures[at].buffer);
}

static inline uint8_t *row_of(const Picture *picture, Py_ssize_t y)
{
    return picture->pixels == NULL ? NULL : picture->pixels + y * picture->row;
}

void cover(uint8_t *view, const uint8_t *stamp, const uint8_t *shade, const uint8_t *light, Py_ssize_t width)
{
    Py_ssize_t done = HAS_AVX2 ? cover_row_avx2(view, stamp, shade, light, width) : 0;
    cover_row(view, stamp, shade, light, done, width);
}

/* light(view, gray, mask, gains, keeps) -> bool: False where the pictures do not lie in memory as they have to.
 *
 * Put ink under the light of a gray picture: a gain for each of its values, and what each of the mask leaves. */
PyObject *native_light(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    if (count != 5) {
        PyErr_SetString(PyExc_TypeError, "light() takes a picture, a gray one, a mask and two tables");
        return NULL;
    }
    Py_buffer tables[2];
    if (PyObject_GetBuffer(args[3], tables, PyBUF_C_CONTIGUOUS) < 0)
        return NULL;
    if (PyObject_GetBuffer(args[4], tables + 1, PyBUF_C_CONTIGUOUS) < 0) {
        PyBuffer_Release(tables);
        return NULL;
    }
    Picture pictures[3];
    int found = tables[0].len == 256 && tables[1].len == 256 && args[1] != Py_None && args[2] != Py_None;
    if (found)
        found = pictures_of(args, (const Py_ssize_t[]){CHANNELS, 1, 1}, 3, pictures);
    if (found > 0) {
        const uint8_t *gains = tables[0].buf, *keeps = tables[1].buf;
        for (Py_ssize_t y = 0; y < pictures[0].height; y++) {
            uint8_t *view = row_of(pictures, y), *gray = row_of(pictures + 1, y), *mask = row_of(pictures + 2, y);
            Py_ssize_t width = pictures[0].width;
            Py_ssize_t done = HAS_AVX2 ? light_row_avx2(view, gray, mask, gains, keeps, width) : 0;
            light_row(view, gray, mask, gains, keeps, done, width);
        }
        release_pictures(pictures, 3);
    }
    PyBuffer_Release(tables);
    PyBuffer_Release(tables + 1);
    return found < 0 ? NULL : PyBool_FromLong(found);
}
