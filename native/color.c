/* Contrast of a colour with a surface: the counterpart of `contrast` in synthtext/contrast.py. */

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
