/* What the files of the optional native module share. Everything here has a counterpart in Python that gives the same
 * bytes; tests/test_native.py, tests/test_native_pictures.py and tests/scenes/test_fit.py compare them. */

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

/* Return round(a * b / 255) for bytes. */
static inline unsigned scaled(unsigned a, unsigned b)
{
    unsigned product = a * b + 128;
    return (product + (product >> 8)) >> 8;
}

extern PyTypeObject Draws_Type, Streams_Type, Glyphs_Type;

PyObject *native_set_layout(PyObject *module, PyObject *args);
PyObject *native_lay(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_contrast(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_stretches(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_shaped(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_arranged(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_warp(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_cover(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_light(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_resize(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_room(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_fit(PyObject *module, PyObject *const *args, Py_ssize_t count);
int lines_ready(void);

#endif
