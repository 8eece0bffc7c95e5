/* synthtext._native: what costs most in Python, in C. Optional: without it everything works, slower, with the same
 * bytes. */

#include "native.h"

static PyMethodDef methods[] = {
    {"set_layout", native_set_layout, METH_VARARGS, "Tell how a sample's numbers are laid out."},
    {"lay", (PyCFunction)(void (*)(void))native_lay, METH_FASTCALL, "Lay one colour onto a surface through a mask."},
    {"contrast", (PyCFunction)(void (*)(void))native_contrast, METH_FASTCALL, "Return a colour's least contrast."},
    {"stretches", (PyCFunction)(void (*)(void))native_stretches, METH_FASTCALL, "Return the stretches of a surface."},
    {"shaped", (PyCFunction)(void (*)(void))native_shaped, METH_FASTCALL, "Return what HarfBuzz gave, in em."},
    {"arranged", (PyCFunction)(void (*)(void))native_arranged, METH_FASTCALL, "Put a run's glyphs on their line."},
    {"warp", (PyCFunction)(void (*)(void))native_warp, METH_FASTCALL, "Cut a crop out of a picture."},
    {"hang", (PyCFunction)(void (*)(void))native_hang, METH_FASTCALL, "Lay a thing onto a picture."},
    {"light", (PyCFunction)(void (*)(void))native_light, METH_FASTCALL, "Put ink under the light on its surface."},
    {"resize", (PyCFunction)(void (*)(void))native_resize, METH_FASTCALL, "Bring a picture to another size."},
    {"room", (PyCFunction)(void (*)(void))native_room, METH_FASTCALL, "Return the free stretch about a cell."},
    {"fit", (PyCFunction)(void (*)(void))native_fit, METH_FASTCALL, "Return the largest sheet that fits."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "synthtext._native",
    .m_size = -1,
    .m_methods = methods,
};

static int add_type(PyObject *module, PyTypeObject *type, const char *name)
{
    return PyType_Ready(type) < 0 ? -1 : PyModule_AddObjectRef(module, name, (PyObject *)type);
}

PyMODINIT_FUNC PyInit__native(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL)
        return NULL;
    if (add_type(module, &Draws_Type, "Draws") < 0 || add_type(module, &Streams_Type, "Streams") < 0
        || add_type(module, &Glyphs_Type, "Glyphs") < 0 || !lines_ready()
        || PyModule_AddIntConstant(module, "VERSION", NATIVE_VERSION) < 0) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
