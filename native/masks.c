/* Laying colours through masks: the counterpart of synthtext/layers.py. */

#include "native.h"
#include <math.h>
#include <string.h>

int picture_of(PyObject *object, Py_ssize_t channels, int writable, Picture *picture)
{
    Py_buffer *buffer = &picture->buffer;
    if (PyObject_GetBuffer(object, buffer, writable ? PyBUF_STRIDES | PyBUF_WRITABLE : PyBUF_STRIDES) < 0)
        return -1;
    int fits = buffer->itemsize == 1 && buffer->ndim == (channels == 1 ? 2 : 3);
    if (fits) /* the step along an axis of length 1 may be anything */
        fits = (buffer->shape[1] < 2 || buffer->strides[1] == channels)
               && (buffer->shape[0] < 2 || buffer->strides[0] >= channels * buffer->shape[1]);
    if (fits && channels > 1)
        fits = buffer->shape[2] == channels && buffer->strides[2] == 1;
    if (!fits) {
        PyBuffer_Release(buffer);
        return 0;
    }
    picture->pixels = buffer->buf;
    picture->height = buffer->shape[0];
    picture->width = buffer->shape[1];
    picture->row = buffer->strides[0];
    return 1;
}

enum { BLOCK = 16, COLOR = 3 * BLOCK };

/* Lay a colour, repeated in `color`, onto the pixels of a block; `share` holds the mask's value once a channel. */
static inline void lay_block(uint8_t *restrict surface, const uint8_t *restrict share, const uint8_t *restrict color)
{
    for (int at = 0; at < COLOR; at++) {
        uint16_t keep = (uint16_t)((255 - share[at]) * surface[at] + 128);
        uint16_t ink = (uint16_t)(share[at] * color[at] + 128);
        uint16_t sum = (uint16_t)(((uint16_t)(keep + (keep >> 8)) >> 8) + ((uint16_t)(ink + (ink >> 8)) >> 8));
        surface[at] = (uint8_t)(sum > 255 ? 255 : sum);
    }
}

#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define SHUFFLES
#endif
#endif

/* Repeat the values of a block three times each. */
static inline void spread(const uint8_t *restrict block, uint8_t *restrict share)
{
#ifdef SHUFFLES
    typedef uint8_t Sixteen __attribute__((vector_size(16)));
    Sixteen all, first, second, third;
    memcpy(&all, block, 16);
    first = __builtin_shufflevector(all, all, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5);
    second = __builtin_shufflevector(all, all, 5, 5, 6, 6, 6, 7, 7, 7, 8, 8, 8, 9, 9, 9, 10, 10);
    third = __builtin_shufflevector(all, all, 10, 11, 11, 11, 12, 12, 12, 13, 13, 13, 14, 14, 14, 15, 15, 15);
    memcpy(share, &first, 16);
    memcpy(share + 16, &second, 16);
    memcpy(share + 32, &third, 16);
#else
    for (int x = 0; x < BLOCK; x++)
        share[3 * x] = share[3 * x + 1] = share[3 * x + 2] = block[x];
#endif
}

static inline uint64_t eight(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, 8);
    return word;
}

/* Lay a colour onto a row: blocks without ink are left alone, blocks full of it are filled. */
MANY_PROCESSORS
static void lay_row(uint8_t *restrict surface, const uint8_t *restrict mask, Py_ssize_t width,
                    const uint8_t *restrict color)
{
    uint8_t share[COLOR], rest[COLOR], values[BLOCK];
    Py_ssize_t at = 0;
    for (; at + BLOCK <= width; at += BLOCK) {
        const uint8_t *block = mask + at;
        uint64_t first = eight(block), second = eight(block + 8);
        if (!(first | second))
            continue;
        if (!~(first & second)) {
            memcpy(surface + 3 * at, color, COLOR);
            continue;
        }
        spread(block, share);
        lay_block(surface + 3 * at, share, color);
    }
    if (at < width) {
        size_t left = (size_t)(width - at);
        memset(values, 0, BLOCK);
        memcpy(values, mask + at, left);
        memcpy(rest, surface + 3 * at, 3 * left);
        spread(values, share);
        lay_block(rest, share, color);
        memcpy(surface + 3 * at, rest, 3 * left);
    }
}

/* lay(surface, mask, color, opacity) -> bool: False where the pictures do not lie in memory as they have to. */
PyObject *native_lay(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    if (count != 4 || !PyTuple_Check(args[2]) || PyTuple_GET_SIZE(args[2]) != 3) {
        PyErr_SetString(PyExc_TypeError, "lay() takes a surface, a mask, a colour and an opacity");
        return NULL;
    }
    uint8_t color[COLOR], table[256], *faded = NULL;
    for (int channel = 0; channel < 3; channel++) {
        long value = PyLong_AsLong(PyTuple_GET_ITEM(args[2], channel));
        if (value == -1 && PyErr_Occurred())
            return NULL;
        if (value < 0 || value > 255)
            Py_RETURN_FALSE;
        for (int at = channel; at < COLOR; at += 3)
            color[at] = (uint8_t)value;
    }
    double opacity = PyFloat_AsDouble(args[3]);
    if (opacity == -1.0 && PyErr_Occurred())
        return NULL;
    for (int value = 0; opacity != 1.0 && value < 256; value++) { /* as OpenCV scales: in floats, halves to the even number */
        float weaker = fabsf((float)value * (float)opacity);
        table[value] = (uint8_t)(weaker >= 255.0f ? 255 : lrintf(weaker));
    }
    Picture surface, mask;
    int found = picture_of(args[0], 3, 1, &surface);
    if (found <= 0)
        return found < 0 ? NULL : Py_NewRef(Py_False);
    found = picture_of(args[1], 1, 0, &mask);
    if (found <= 0) {
        PyBuffer_Release(&surface.buffer);
        return found < 0 ? NULL : Py_NewRef(Py_False);
    }
    int alike = surface.height == mask.height && surface.width == mask.width;
    if (alike && opacity != 1.0 && (faded = PyMem_Malloc((size_t)mask.width + 1)) == NULL) {
        PyErr_NoMemory();
        alike = -1;
    }
    for (Py_ssize_t y = 0; alike > 0 && y < mask.height; y++) {
        const uint8_t *row = mask.pixels + y * mask.row;
        if (faded != NULL) {
            for (Py_ssize_t x = 0; x < mask.width; x++)
                faded[x] = table[row[x]];
            row = faded;
        }
        lay_row(surface.pixels + y * surface.row, row, mask.width, color);
    }
    PyMem_Free(faded);
    PyBuffer_Release(&mask.buffer);
    PyBuffer_Release(&surface.buffer);
    return alike < 0 ? NULL : PyBool_FromLong(alike);
}
