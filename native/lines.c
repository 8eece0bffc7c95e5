/* Lines of glyphs: the counterparts of the loops in synthtext/stages/shape.py and arrange.py. */

#include "native.h"

static PyObject *codepoint, *cluster, *x_advance, *y_advance, *x_offset, *y_offset;

int lines_ready(void)
{
    return (codepoint = PyUnicode_InternFromString("codepoint")) != NULL
           && (cluster = PyUnicode_InternFromString("cluster")) != NULL
           && (x_advance = PyUnicode_InternFromString("x_advance")) != NULL
           && (y_advance = PyUnicode_InternFromString("y_advance")) != NULL
           && (x_offset = PyUnicode_InternFromString("x_offset")) != NULL
           && (y_offset = PyUnicode_InternFromString("y_offset")) != NULL;
}

static long member(PyObject *object, PyObject *name)
{
    PyObject *number = PyObject_GetAttr(object, name);
    if (number == NULL)
        return -1;
    long value = PyLong_AsLong(number);
    Py_DECREF(number);
    return value;
}

/* shaped(infos, positions, ink, scale, start, upright, measure) -> list | None
 *
 * The glyphs that HarfBuzz gave, as `ShapedGlyph`; None where a glyph is missing. `ink`: four int16 a glyph, in units of
 * the face; `measure(glyph)` fills in those whose first is -32768. */
PyObject *native_shaped(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    if (count != 7 || !PyList_Check(args[0]) || !PyList_Check(args[1])
        || PyList_GET_SIZE(args[0]) != PyList_GET_SIZE(args[1])) {
        PyErr_SetString(PyExc_TypeError, "shaped() takes glyphs, their positions and five more");
        return NULL;
    }
    double scale = PyFloat_AsDouble(args[3]);
    long start = PyLong_AsLong(args[4]);
    int upright = PyObject_IsTrue(args[5]);
    Py_buffer ink;
    if (PyErr_Occurred() || PyObject_GetBuffer(args[2], &ink, PyBUF_SIMPLE) < 0)
        return NULL;
    Py_ssize_t glyphs = PyList_GET_SIZE(args[0]), known = ink.len / 8;
    PyObject *list = PyList_New(glyphs);
    for (Py_ssize_t at = 0; list != NULL && at < glyphs; at++) {
        PyObject *info = PyList_GET_ITEM(args[0], at), *position = PyList_GET_ITEM(args[1], at);
        long glyph = member(info, codepoint), first = member(info, cluster);
        double advance = upright ? -(double)member(position, y_advance) : (double)member(position, x_advance);
        double x = (double)member(position, x_offset) * scale, y = -(double)member(position, y_offset) * scale;
        if (PyErr_Occurred() || glyph <= 0 || glyph >= known)
            goto missing;
        const int16_t *box = (const int16_t *)ink.buf + 4 * glyph;
        if (box[0] == INT16_MIN) {
            PyObject *measured = PyObject_CallFunction(args[6], "l", glyph);
            if (measured == NULL)
                goto missing;
            Py_DECREF(measured);
        }
        PyObject *made = Py_BuildValue("(llddd(dddd))", glyph, start + first, x, y, advance * scale, box[0] * scale,
                                       box[1] * scale, box[2] * scale, box[3] * scale);
        if (made == NULL)
            goto missing;
        PyList_SET_ITEM(list, at, made);
        continue;
    missing:
        Py_CLEAR(list);
        if (!PyErr_Occurred())
            list = Py_NewRef(Py_None);
        break;
    }
    PyBuffer_Release(&ink);
    return list;
}

static int numbers_of(PyObject *tuple, Py_ssize_t first, Py_ssize_t count, double *values)
{
    for (Py_ssize_t at = 0; at < count; at++)
        values[at] = PyFloat_AsDouble(PyTuple_GET_ITEM(tuple, first + at));
    return !PyErr_Occurred();
}

static int set_number(PyObject *list, Py_ssize_t at, double value)
{
    PyObject *number = PyFloat_FromDouble(value);
    return number != NULL && PyList_SetItem(list, at, number) == 0;
}

/* arranged(shaped, char_at, font, spacing, word_spacing, jitter, starts, ends, placed, box, pen, stop) -> pen | None
 *
 * Put the glyphs of a run that ends at `stop` on a horizontal line. Fills in `starts`, `ends` and `placed`; `box` is a
 * list of the ink's left, top, right and bottom so far. None, with nothing filled in, where not each glyph stands for
 * one code point. */
PyObject *native_arranged(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    if (count != 12 || !PyList_Check(args[0]) || !PyList_Check(args[1]) || !PyList_Check(args[6])
        || !PyList_Check(args[7]) || !PyList_Check(args[8]) || !PyList_Check(args[9])) {
        PyErr_SetString(PyExc_TypeError, "arranged() takes a run of glyphs and where they go");
        return NULL;
    }
    PyObject *shaped = args[0], *char_at = args[1], *font = args[2], *jitter = args[5];
    double spacing = PyFloat_AsDouble(args[3]), word_spacing = PyFloat_AsDouble(args[4]);
    double pen = PyFloat_AsDouble(args[10]), box[4], ink[4], place[3];
    Py_ssize_t glyphs = PyList_GET_SIZE(shaped), chars = PyList_GET_SIZE(char_at);
    for (int side = 0; side < 4; side++)
        box[side] = PyFloat_AsDouble(PyList_GetItem(args[9], side));
    if (PyErr_Occurred())
        return NULL;
    long before = -1;
    for (Py_ssize_t at = 0; at < glyphs; at++) { /* one glyph a code point, in their order */
        PyObject *glyph = PyList_GET_ITEM(shaped, at);
        if (!PyTuple_Check(glyph) || PyTuple_GET_SIZE(glyph) != 6)
            Py_RETURN_NONE;
        long first = PyLong_AsLong(PyTuple_GET_ITEM(glyph, 1));
        if (PyErr_Occurred())
            return NULL;
        if (first < 0 || first >= chars || (before >= 0 && first != before + 1))
            Py_RETURN_NONE;
        before = first;
    }
    if (before + 1 != PyLong_AsLong(args[11]))
        Py_RETURN_NONE;
    for (Py_ssize_t at = 0; at < glyphs; at++) {
        PyObject *glyph = PyList_GET_ITEM(shaped, at), *bounds = PyTuple_GET_ITEM(glyph, 5);
        PyObject *number = PyList_GET_ITEM(char_at, PyLong_AsLong(PyTuple_GET_ITEM(glyph, 1)));
        long own = PyLong_AsLong(number);
        if (!numbers_of(glyph, 2, 3, place) || !PyTuple_Check(bounds) || PyTuple_GET_SIZE(bounds) != 4
            || !numbers_of(bounds, 0, 4, ink))
            return NULL;
        double x = place[0], y = place[1], advance = place[2];
        if (own < 0) { /* white space */
            pen += advance + spacing + word_spacing;
            continue;
        }
        if (jitter != Py_None)
            y += PyFloat_AsDouble(PyList_GetItem(jitter, own));
        x += pen;
        if (ink[2] > ink[0]) {
            PyObject *made = Py_BuildValue("(OOOddO)", font, PyTuple_GET_ITEM(glyph, 0), number, x, y, Py_False);
            if (made == NULL || PyList_Append(args[8], made) < 0) {
                Py_XDECREF(made);
                return NULL;
            }
            Py_DECREF(made);
            box[0] = x + ink[0] < box[0] ? x + ink[0] : box[0];
            box[1] = y + ink[1] < box[1] ? y + ink[1] : box[1];
            box[2] = x + ink[2] > box[2] ? x + ink[2] : box[2];
            box[3] = y + ink[3] > box[3] ? y + ink[3] : box[3];
        }
        if (PyErr_Occurred())
            return NULL;
        PyObject *start = PyList_GetItem(args[6], own);
        if (start == NULL || (PyFloat_AsDouble(start) < 0.0 && !set_number(args[6], own, pen))
            || !set_number(args[7], own, pen + advance))
            return NULL;
        pen += advance + spacing;
    }
    for (int side = 0; side < 4; side++)
        if (!set_number(args[9], side, box[side]))
            return NULL;
    return PyFloat_FromDouble(pen);
}
