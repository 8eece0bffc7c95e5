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

/* Lay a colour onto a stretch of pixels; `share` holds the mask's value once for each channel, as `color` does. */
MANY_PROCESSORS
static void lay_stretch(uint8_t *restrict surface, const uint8_t *restrict share, const uint8_t *restrict color,
                        Py_ssize_t bytes)
{
    for (Py_ssize_t at = 0; at < bytes; at++) {
        uint16_t keep = (uint16_t)((255 - share[at]) * surface[at] + 128);
        uint16_t ink = (uint16_t)(share[at] * color[at] + 128);
        uint16_t kept = (uint16_t)(keep + (keep >> 8)) >> 8, added = (uint16_t)(ink + (ink >> 8)) >> 8;
        uint16_t sum = (uint16_t)(kept + added);
        surface[at] = (uint8_t)(sum > 255 ? 255 : sum);
    }
}

enum { STRETCH = 64 };

static void lay_row(uint8_t *surface, const uint8_t *mask, Py_ssize_t width, const uint8_t *table,
                    const uint8_t color[3 * STRETCH])
{
    uint8_t share[3 * STRETCH];
    for (Py_ssize_t at = 0; at < width; at += STRETCH) {
        Py_ssize_t count = width - at < STRETCH ? width - at : STRETCH, first = 0, last = count;
        const uint8_t *values = mask + at;
        uint64_t eight;
        for (; first + 8 <= count; first += 8) { /* most of a mask is empty */
            memcpy(&eight, values + first, 8);
            if (eight)
                break;
        }
        for (; last - 8 >= first; last -= 8) {
            memcpy(&eight, values + last - 8, 8);
            if (eight)
                break;
        }
        for (Py_ssize_t x = first; x < last; x++) {
            uint8_t value = table[values[x]];
            uint8_t *three = share + 3 * (x - first);
            three[0] = three[1] = three[2] = value;
        }
        if (last > first)
            lay_stretch(surface + 3 * (at + first), share, color, 3 * (last - first));
    }
}

/* lay(surface, mask, color, opacity) -> bool: False where the pictures do not lie in memory as they have to. */
PyObject *native_lay(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    if (count != 4 || !PyTuple_Check(args[2]) || PyTuple_GET_SIZE(args[2]) != 3) {
        PyErr_SetString(PyExc_TypeError, "lay() takes a surface, a mask, a colour and an opacity");
        return NULL;
    }
    uint8_t color[3 * STRETCH], table[256];
    for (int channel = 0; channel < 3; channel++) {
        long value = PyLong_AsLong(PyTuple_GET_ITEM(args[2], channel));
        if (value == -1 && PyErr_Occurred())
            return NULL;
        if (value < 0 || value > 255)
            Py_RETURN_FALSE;
        for (int at = channel; at < 3 * STRETCH; at += 3)
            color[at] = (uint8_t)value;
    }
    double opacity = PyFloat_AsDouble(args[3]);
    if (opacity == -1.0 && PyErr_Occurred())
        return NULL;
    for (int value = 0; value < 256; value++) { /* as OpenCV scales: in floats, halves to the even number */
        float faded = fabsf((float)value * (float)opacity);
        table[value] = (uint8_t)(opacity == 1.0 ? value : faded >= 255.0f ? 255 : lrintf(faded));
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
    for (Py_ssize_t y = 0; alike && y < mask.height; y++)
        lay_row(surface.pixels + y * surface.row, mask.pixels + y * mask.row, mask.width, table, color);
    PyBuffer_Release(&mask.buffer);
    PyBuffer_Release(&surface.buffer);
    return PyBool_FromLong(alike);
}
