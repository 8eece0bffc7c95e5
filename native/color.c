/* Contrast of a colour with a surface: the counterpart of synthtext/contrast.py. */

#include "native.h"
#include <math.h>

static const double VIVID = 30.0 * 30.0, OTHER_HUE = 0.64;

static int doubles(PyObject *tuple, Py_ssize_t count, double *values)
{
    if (!PyTuple_Check(tuple) || PyTuple_GET_SIZE(tuple) < count) {
        PyErr_SetString(PyExc_TypeError, "expected a tuple of numbers");
        return 0;
    }
    for (Py_ssize_t at = 0; at < count; at++)
        values[at] = PyFloat_AsDouble(PyTuple_GET_ITEM(tuple, at));
    return !PyErr_Occurred();
}

/* contrast(lab, surface, lightness, vivid_lightness, wanted) -> float */
PyObject *native_contrast(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    double lab[3], there[4], limit, vivid_limit, wanted;
    if (count != 5 || !PyList_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "contrast() takes a colour, a list of stretches and three limits");
        return NULL;
    }
    limit = PyFloat_AsDouble(args[2]);
    vivid_limit = PyFloat_AsDouble(args[3]);
    wanted = PyFloat_AsDouble(args[4]);
    if (PyErr_Occurred() || !doubles(args[0], 3, lab))
        return NULL;
    double a = lab[1], b = lab[2], least = 1e9;
    int vivid = a * a + b * b > VIVID;
    double reach = vivid && vivid_limit > limit ? vivid_limit : limit;
    for (Py_ssize_t at = 0; at < PyList_GET_SIZE(args[1]); at++) {
        if (!doubles(PyList_GET_ITEM(args[1], at), 4, there))
            return NULL;
        double lighter = there[0] - lab[0], redder = there[1] - a, yellower = there[2] - b;
        if (-reach < lighter && lighter < reach) {
            double chroma = there[1] * there[1] + there[2] * there[2];
            int near = -limit < lighter && lighter < limit;
            if (near || (chroma > VIVID
                         && a * there[1] + b * there[2] < OTHER_HUE * sqrt(chroma * (a * a + b * b))))
                return PyFloat_FromDouble(0.0);
        }
        double found = sqrt(lighter * lighter + redder * redder + yellower * yellower) - there[3];
        if (found < least) {
            if (found < wanted)
                return PyFloat_FromDouble(found > 0.0 ? found : 0.0);
            least = found;
        }
    }
    return PyFloat_FromDouble(least > 0.0 ? least : 0.0);
}

/* stretches(picked, lying, busy, across) -> list of (L, a, b, lost)
 *
 * picked: (H, W, 3) bytes of CIE Lab as OpenCV codes it; a stretch is a column where the line lies, else a row. */
PyObject *native_stretches(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    if (count != 4) {
        PyErr_SetString(PyExc_TypeError, "stretches() takes a picture and three more");
        return NULL;
    }
    int lying = PyObject_IsTrue(args[1]);
    double busy = PyFloat_AsDouble(args[2]), across = PyFloat_AsDouble(args[3]);
    double light_unit = 100.0 / 255.0 / across, unit = 1.0 / across;
    Picture picked;
    if (PyErr_Occurred())
        return NULL;
    int found = picture_of(args[0], 3, 0, &picked);
    if (found <= 0) {
        if (found == 0)
            PyErr_SetString(PyExc_TypeError, "the picture's pixels have to lie side by side");
        return NULL;
    }
    Py_ssize_t stretches = lying ? picked.width : picked.height, depth = lying ? picked.height : picked.width;
    Py_ssize_t along = lying ? 3 : picked.row, step = lying ? picked.row : 3;
    PyObject *list = PyList_New(stretches);
    for (Py_ssize_t at = 0; list != NULL && at < stretches; at++) {
        const uint8_t *pixel = picked.pixels + at * along;
        long light = 0, red = 0, yellow = 0, square = 0;
        for (Py_ssize_t deep = 0; deep < depth; deep++, pixel += step) {
            light += pixel[0];
            square += (long)pixel[0] * pixel[0];
            red += pixel[1];
            yellow += pixel[2];
        }
        double spread = (double)square * across - (double)(light * light);
        double lost = busy == 0.0 ? 0.0 : busy * light_unit * sqrt(spread);
        PyObject *made = Py_BuildValue("(dddd)", (double)light * light_unit, (double)red * unit - 128.0,
                                       (double)yellow * unit - 128.0, lost);
        if (made == NULL)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, at, made);
    }
    PyBuffer_Release(&picked.buffer);
    return list;
}
