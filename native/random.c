/* Streams and Draws: the counterpart of synthtext/rng.py. Numbers are made when they are asked for, four at a time. */

#include "native.h"
#include <structmember.h>

/* The layout of a sample's block, told once by rng.py. */
static PyObject *columns, *key_of;
static long long gates_at, numbers_at, effect_width, effect_slots, group_slots, effects_column;
enum { OVERFLOW_NUMBERS = 64 };

typedef struct {
    PyObject_HEAD
    uint64_t key[2], high, index;
} Streams;

typedef struct {
    PyObject_HEAD
    Streams *streams;
    uint64_t column, high, purpose; /* `high` and `purpose`: words of the counter */
    uint64_t refills;
    long long at, end;  /* in numbers from the counter's zero */
    long long ready;    /* the block of four that `units` holds, -1 for none */
    double units[4];
} Draws;

/* Philox4x64-10 (Salmon et al., SC 2011), as NumPy has it: its counter is raised before a block is made. */
static inline void philox(const uint64_t key[2], uint64_t low, uint64_t high, uint64_t index, uint64_t purpose,
                          double units[4])
{
    uint64_t c0 = low + 1, c1 = high, c2 = index, c3 = purpose, k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        unsigned __int128 a = (unsigned __int128)UINT64_C(0xD2E7470EE14C6C93) * c0;
        unsigned __int128 b = (unsigned __int128)UINT64_C(0xCA5A826395121157) * c2;
        c0 = (uint64_t)(b >> 64) ^ c1 ^ k0;
        c2 = (uint64_t)(a >> 64) ^ c3 ^ k1;
        c1 = (uint64_t)b;
        c3 = (uint64_t)a;
        k0 += UINT64_C(0x9E3779B97F4A7C15);
        k1 += UINT64_C(0xBB67AE8584CAA73B);
    }
    units[0] = (double)(c0 >> 11) * 0x1p-53;
    units[1] = (double)(c1 >> 11) * 0x1p-53;
    units[2] = (double)(c2 >> 11) * 0x1p-53;
    units[3] = (double)(c3 >> 11) * 0x1p-53;
}

static PyObject *numbers(const Streams *self, uint64_t high, uint64_t purpose, long long start, long long end)
{
    PyObject *list = PyList_New(end - start);
    double units[4];
    for (long long at = start; list != NULL && at < end; at++) {
        if (at == start || at % 4 == 0)
            philox(self->key, (uint64_t)(at / 4), high, self->index, purpose, units);
        PyObject *number = PyFloat_FromDouble(units[at % 4]);
        if (number == NULL)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, at - start, number);
    }
    return list;
}

/* ---- Draws ---- */

static Draws *new_draws(Streams *streams, uint64_t column, uint64_t high, uint64_t purpose, long long start,
                        long long end)
{
    Draws *self = PyObject_New(Draws, &Draws_Type);
    if (self == NULL)
        return NULL;
    Py_INCREF(streams);
    self->streams = streams;
    self->column = column;
    self->high = high;
    self->purpose = purpose;
    self->refills = 0;
    self->at = start;
    self->end = end;
    self->ready = -1;
    return self;
}

static inline double next_unit(Draws *self)
{
    if (self->at == self->end) { /* the column has run out: blocks of its own follow */
        self->refills++;
        self->high = self->streams->high | (self->column + 1) << 32;
        self->purpose = self->refills << 8;
        self->at = 0;
        self->end = OVERFLOW_NUMBERS;
        self->ready = -1;
    }
    long long block = self->at >> 2;
    if (block != self->ready) {
        philox(self->streams->key, (uint64_t)block, self->high, self->streams->index, self->purpose, self->units);
        self->ready = block;
    }
    return self->units[self->at++ & 3];
}

static void draws_dealloc(Draws *self)
{
    Py_DECREF(self->streams);
    PyObject_Free(self);
}

static PyObject *draws_unit(Draws *self, PyObject *unused)
{
    return PyFloat_FromDouble(next_unit(self));
}

static PyObject *draws_chance(Draws *self, PyObject *probability)
{
    double limit = PyFloat_AsDouble(probability);
    if (limit == -1.0 && PyErr_Occurred())
        return NULL;
    return PyBool_FromLong(next_unit(self) < limit);
}

static int two_doubles(PyObject *const *args, Py_ssize_t count, const char *name, double *first, double *second)
{
    if (count != 2) {
        PyErr_Format(PyExc_TypeError, "%s() takes 2 arguments, not %zd", name, count);
        return 0;
    }
    *first = PyFloat_AsDouble(args[0]);
    *second = PyFloat_AsDouble(args[1]);
    return !PyErr_Occurred();
}

static PyObject *draws_between(Draws *self, PyObject *const *args, Py_ssize_t count)
{
    double low, high;
    if (!two_doubles(args, count, "between", &low, &high))
        return NULL;
    return PyFloat_FromDouble(low + (high - low) * next_unit(self));
}

static PyObject *draws_integer(Draws *self, PyObject *const *args, Py_ssize_t count)
{
    double low, high;
    if (!two_doubles(args, count, "integer", &low, &high))
        return NULL;
    return PyLong_FromLongLong((long long)low + (long long)(next_unit(self) * (high - low + 1.0)));
}

static PyObject *draws_signed(Draws *self, PyObject *limit)
{
    double reach = PyFloat_AsDouble(limit);
    if (reach == -1.0 && PyErr_Occurred())
        return NULL;
    return PyFloat_FromDouble(reach * (2.0 * next_unit(self) - 1.0));
}

static PyObject *draws_choice(Draws *self, PyObject *items)
{
    Py_ssize_t count = PySequence_Size(items);
    if (count < 0)
        return NULL;
    return PySequence_GetItem(items, (Py_ssize_t)(next_unit(self) * (double)count));
}

/* Return one of some weights; -1 with an exception. */
static double weight_at(PyObject *weights, Py_ssize_t at)
{
    if (PyList_CheckExact(weights))
        return PyFloat_AsDouble(PyList_GET_ITEM(weights, at));
    PyObject *number = PySequence_GetItem(weights, at);
    double weight = number == NULL ? -1.0 : PyFloat_AsDouble(number);
    Py_XDECREF(number);
    return weight;
}

static PyObject *draws_weighted(Draws *self, PyObject *cumulative)
{
    Py_ssize_t count = PySequence_Size(cumulative), low = 0, high = count;
    if (count == 0)
        PyErr_SetString(PyExc_IndexError, "no weights to draw from");
    if (count <= 0)
        return NULL;
    double wanted = next_unit(self) * weight_at(cumulative, count - 1);
    while (low < high && !PyErr_Occurred()) {
        Py_ssize_t middle = (low + high) / 2;
        if (wanted < weight_at(cumulative, middle))
            high = middle;
        else
            low = middle + 1;
    }
    if (PyErr_Occurred())
        return NULL;
    return PyLong_FromSsize_t(low < count ? low : count - 1);
}

static PyObject *draws_units(Draws *self, PyObject *count)
{
    Py_ssize_t wanted = PyNumber_AsSsize_t(count, PyExc_OverflowError);
    if (wanted == -1 && PyErr_Occurred())
        return NULL;
    PyObject *list = PyList_New(wanted);
    for (Py_ssize_t at = 0; list != NULL && at < wanted; at++) {
        PyObject *number = PyFloat_FromDouble(next_unit(self));
        if (number == NULL)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, at, number);
    }
    return list;
}

static PyMethodDef draws_methods[] = {
    {"unit", (PyCFunction)draws_unit, METH_NOARGS, "Return the next number, in [0, 1)."},
    {"chance", (PyCFunction)draws_chance, METH_O, "Return whether an event of this probability happens."},
    {"between", (PyCFunction)(void (*)(void))draws_between, METH_FASTCALL, "Return a float in [low, high)."},
    {"integer", (PyCFunction)(void (*)(void))draws_integer, METH_FASTCALL, "Return an int in [low, high]."},
    {"choice", (PyCFunction)draws_choice, METH_O, "Return one of some items."},
    {"weighted", (PyCFunction)draws_weighted, METH_O, "Return an index drawn by cumulative weights."},
    {"signed", (PyCFunction)draws_signed, METH_O, "Return a float in [-limit, limit)."},
    {"units", (PyCFunction)draws_units, METH_O, "Return the next numbers as a list."},
    {NULL, NULL, 0, NULL},
};

PyTypeObject Draws_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "synthtext._native.Draws",
    .tp_doc = "The numbers of one column, taken one after another.",
    .tp_basicsize = sizeof(Draws),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_dealloc = (destructor)draws_dealloc,
    .tp_methods = draws_methods,
};

/* ---- Streams ---- */

PyObject *native_set_layout(PyObject *module, PyObject *args)
{
    PyObject *table, *keys;
    if (!PyArg_ParseTuple(args, "O!OLLLLLL", &PyDict_Type, &table, &keys, &gates_at, &numbers_at, &effect_width,
                          &effect_slots, &group_slots, &effects_column))
        return NULL;
    Py_INCREF(table);
    Py_INCREF(keys);
    Py_XSETREF(columns, table);
    Py_XSETREF(key_of, keys);
    Py_RETURN_NONE;
}

static PyObject *streams_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"seed", "index", "attempt", "child", NULL};
    PyObject *seed, *index;
    unsigned long long attempt = 0, child = 0;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO|KK", names, &seed, &index, &attempt, &child))
        return NULL;
    if (key_of == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "the layout of a sample's numbers is not set");
        return NULL;
    }
    unsigned long long number = PyLong_AsUnsignedLongLong(index);
    if (number == (unsigned long long)-1 && PyErr_Occurred())
        return NULL;
    PyObject *key = PyObject_CallOneArg(key_of, seed);
    if (key == NULL)
        return NULL;
    Streams *self = (Streams *)type->tp_alloc(type, 0);
    if (self != NULL && !PyArg_ParseTuple(key, "KK", &self->key[0], &self->key[1]))
        Py_CLEAR(self);
    Py_DECREF(key);
    if (self != NULL) {
        self->index = number;
        self->high = attempt | child << 16;
    }
    return (PyObject *)self;
}

static PyObject *streams_column(Streams *self, PyObject *name)
{
    PyObject *place = PyDict_GetItemWithError(columns, name);
    if (place == NULL) {
        if (!PyErr_Occurred())
            PyErr_SetObject(PyExc_KeyError, name);
        return NULL;
    }
    long long start, end;
    if (!PyArg_ParseTuple(place, "LL", &start, &end))
        return NULL;
    return (PyObject *)new_draws(self, (uint64_t)start, self->high, 0, start, end);
}

static PyObject *streams_effect(Streams *self, PyObject *number)
{
    long long slot = PyLong_AsLongLong(number);
    if (slot == -1 && PyErr_Occurred())
        return NULL;
    if (slot < 0 || slot >= effect_slots)
        return PyErr_Format(PyExc_ValueError, "effect slot %lld is outside 0..%lld", slot, effect_slots - 1);
    long long group = slot / group_slots, start = slot % group_slots * effect_width;
    uint64_t high = self->high;
    if (group)
        high |= (uint64_t)(effects_column + group) << 32;
    else
        start += numbers_at;
    uint64_t column = (uint64_t)(effects_column + effect_slots + slot);
    return (PyObject *)new_draws(self, column, high, 0, start, start + effect_width);
}

static PyObject *streams_effect_gates(Streams *self, PyObject *unused)
{
    return numbers(self, self->high, 0, gates_at, numbers_at);
}

static int two_words(PyObject *const *args, Py_ssize_t count, const char *name, uint64_t *first, uint64_t *second)
{
    if (count != 2) {
        PyErr_Format(PyExc_TypeError, "%s() takes 2 arguments, not %zd", name, count);
        return 0;
    }
    *first = PyLong_AsUnsignedLongLong(args[0]);
    *second = PyLong_AsUnsignedLongLong(args[1]);
    return !PyErr_Occurred();
}

static PyObject *streams_overflow(Streams *self, PyObject *const *args, Py_ssize_t count)
{
    uint64_t column, refill;
    if (!two_words(args, count, "overflow", &column, &refill))
        return NULL;
    return numbers(self, self->high | (column + 1) << 32, refill << 8, 0, OVERFLOW_NUMBERS);
}

static PyObject *streams_beyond(Streams *self, PyObject *const *args, Py_ssize_t count)
{
    uint64_t column, refill;
    if (!two_words(args, count, "beyond", &column, &refill))
        return NULL;
    return (PyObject *)new_draws(self, column, self->high | (column + 1) << 32, refill << 8, 0, OVERFLOW_NUMBERS);
}

static PyMethodDef streams_methods[] = {
    {"column", (PyCFunction)streams_column, METH_O, "Return the numbers of a stage, from their beginning."},
    {"effect", (PyCFunction)streams_effect, METH_O, "Return the numbers of the effect that has this slot."},
    {"effect_gates", (PyCFunction)streams_effect_gates, METH_NOARGS, "Return a number for every slot."},
    {"overflow", (PyCFunction)(void (*)(void))streams_overflow, METH_FASTCALL, "Return 64 more numbers for a column."},
    {"beyond", (PyCFunction)(void (*)(void))streams_beyond, METH_FASTCALL, "Return the draws of `overflow`."},
    {NULL, NULL, 0, NULL},
};

PyTypeObject Streams_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "synthtext._native.Streams",
    .tp_doc = "All the randomness of one attempt at one sample.",
    .tp_basicsize = sizeof(Streams),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = streams_new,
    .tp_methods = streams_methods,
};
