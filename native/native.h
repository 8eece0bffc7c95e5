/* What the files of the optional native module share. Everything here has a counterpart in Python that gives the same
 * bytes; tests/test_native.py, test_native_pictures.py, scenes/test_fit.py and scenes/test_hang.py compare them. */

#ifndef SYNTHTEXT_NATIVE_H
#define SYNTHTEXT_NATIVE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* Raised with every change of what Python sees: synthtext/native.py refuses another one. */
#define NATIVE_VERSION 7

/* Loops over bytes are compiled for several processors where the compiler and the loader can choose between them;
 * it is all whole numbers, so the results are equal. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__)
#define MANY_PROCESSORS __attribute__((target_clones("avx2", "default")))
#else
#define MANY_PROCESSORS
#endif

/* A picture that Python handed over: rows of bytes whose pixels lie side by side. */
typedef struct {
    Py_buffer buffer;
    uint8_t *pixels;
    Py_ssize_t height, width, row; /* `row`: bytes from one row to the next */
} Picture;

/* Return 1 with the picture filled in, 0 if it is none of (H, W) or (H, W, channels) with pixels side by side, -1 with
 * an exception. Only after 1 it has to be released. */
int picture_of(PyObject *object, Py_ssize_t channels, int writable, Picture *picture);

/* Fill in pictures of some channels each, the first one to be written to, None for a missing one where there is one
 * channel, all of one size; return as `picture_of`. */
int pictures_of(PyObject *const *objects, const Py_ssize_t *channels, int count, Picture *pictures);
void release_pictures(Picture *pictures, int count);

/* Return round(a * b / 255) for bytes. */
static inline unsigned scaled(unsigned a, unsigned b)
{
    unsigned product = a * b + 128;
    return (product + (product >> 8)) >> 8;
}

/* Lay a row of pixels, colours multiplied by their alpha, onto a picture; `shade` and `light` may be NULL. */
void cover(uint8_t *view, const uint8_t *stamp, const uint8_t *shade, const uint8_t *light, Py_ssize_t width);

extern PyTypeObject Draws_Type, Streams_Type, Glyphs_Type;

PyObject *native_set_layout(PyObject *module, PyObject *args);
PyObject *native_lay(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_contrast(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_stretches(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_shaped(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_arranged(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_warp(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_hang(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_light(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_resize(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_room(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_fit(PyObject *module, PyObject *const *args, Py_ssize_t count);
int lines_ready(void);

#endif
