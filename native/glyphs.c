/* Glyphs: masks packed into memory that processes may share, found, unpacked and put side by side on a line. The
 * counterpart of synthtext/assets/arena.py and of `raster`.
 *
 * The memory begins with a table of offsets, hashed by key; then a word says how many bytes of the rest are taken. An
 * entry is written whole before its offset is stored, and never changed afterwards; a reader checks key and checksum
 * before it trusts one, once for each slot.
 *
 * A packed mask is a list of stretches, row by row: 0..63 for 1 to 64 empty pixels, 64..127 for 1 to 64 full ones,
 * 128..255 for 1 to 128 others, which follow. No stretch goes on in the next row. */

#include "native.h"
#include <math.h>
#include <string.h>

#ifdef __GNUC__
#define LOAD(place) __atomic_load_n(place, __ATOMIC_ACQUIRE)
#define STORE(place, value) __atomic_store_n(place, value, __ATOMIC_RELEASE)
#define TAKE(place, size) __atomic_fetch_add(place, size, __ATOMIC_RELAXED)
#else
#error "atomic operations are needed"
#endif

enum { PROBES = 8, SIDE = 4096, PAD = 3, MOST_GLYPHS = 4096, HEAD = 64 };
#define STEP ((uint64_t)1 << 20) /* the room that is asked for at once */

typedef struct {
    uint64_t key, checksum;
    int16_t left, top;
    uint16_t height, width;
    uint32_t length, spare;
} Entry;

typedef struct {
    PyObject_HEAD
    Py_buffer memory;
    uint64_t *table;
    uint8_t *checked; /* for each slot whether its entry was found to be whole */
    uint64_t slots;
    unsigned shift;
    uint64_t *taken;
    uint64_t reserved; /* end of what the disk is known to have room for */
    int full;
    PyObject *keys, *zeros, *kind, *reserve;
} Glyphs;

/* ---- packing ---- */

static inline size_t stretch(const uint8_t *from, size_t most, int what)
{
    size_t count = 0;
    if (what == 1)
        while (count < most && from[count] != 0 && from[count] != 255)
            count++;
    else
        while (count < most && from[count] == what)
            count++;
    return count;
}

/* Return how many bytes a mask takes; at most one and a half times its pixels and one for each row. */
static size_t pack(const Picture *mask, uint8_t *out)
{
    uint8_t *at = out;
    for (Py_ssize_t y = 0; y < mask->height; y++) {
        const uint8_t *row = mask->pixels + y * mask->row;
        for (Py_ssize_t x = 0; x < mask->width;) {
            size_t left = (size_t)(mask->width - x), count;
            uint8_t first = row[x];
            if (first == 0 || first == 255) {
                count = stretch(row + x, left < 64 ? left : 64, first);
                *at++ = (uint8_t)((first ? 64 : 0) + count - 1);
            } else {
                count = stretch(row + x, left < 128 ? left : 128, 1);
                *at++ = (uint8_t)(128 + count - 1);
                memcpy(at, row + x, count);
                at += count;
            }
            x += (Py_ssize_t)count;
        }
    }
    return (size_t)(at - out);
}

/* Lay a packed mask onto a canvas that has room for it: the greater value of each pixel stays. */
static void unpack(const Entry *entry, uint8_t *canvas, Py_ssize_t row)
{
    const uint8_t *from = (const uint8_t *)(entry + 1), *end = from + entry->length;
    for (unsigned y = 0; y < entry->height; y++, canvas += row)
        for (unsigned x = 0; x < entry->width && from < end;) {
            unsigned token = *from++, count = (token & (token < 128 ? 63 : 127)) + 1;
            if (count > entry->width - x)
                return;
            if (token >= 128) {
                for (unsigned at = 0; at < count; at++)
                    if (from[at] > canvas[x + at])
                        canvas[x + at] = from[at];
                from += count;
            } else if (token >= 64)
                memset(canvas + x, 255, count);
            x += count;
        }
}

static void lay_mask(const Picture *mask, uint8_t *canvas, Py_ssize_t row)
{
    for (Py_ssize_t y = 0; y < mask->height; y++)
        for (Py_ssize_t x = 0; x < mask->width; x++) {
            uint8_t value = mask->pixels[y * mask->row + x];
            if (value > canvas[y * row + x])
                canvas[y * row + x] = value;
        }
}

static uint64_t checksum(const Entry *entry)
{
    const uint8_t *bytes = (const uint8_t *)(entry + 1);
    uint64_t word, sum = entry->key ^ (uint64_t)(uint16_t)entry->left << 48 ^ (uint64_t)(uint16_t)entry->top << 32
                         ^ (uint64_t)entry->height << 16 ^ entry->width;
    for (uint32_t at = 0; at < entry->length; at += 8) {
        word = 0;
        memcpy(&word, bytes + at, entry->length - at < 8 ? entry->length - at : 8);
        sum = (sum ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        sum ^= sum >> 29;
    }
    return sum;
}

/* ---- the table ---- */

static inline uint64_t slot_of(const Glyphs *self, uint64_t key)
{
    return key * UINT64_C(0x9E3779B97F4A7C15) >> self->shift;
}

static const Entry *find(Glyphs *self, uint64_t key)
{
    uint64_t slot = slot_of(self, key);
    for (int probe = 0; probe < PROBES; probe++) {
        uint64_t at = (slot + (uint64_t)probe) % self->slots, offset = LOAD(self->table + at);
        if (offset == 0)
            return NULL;
        if (offset + sizeof(Entry) > (uint64_t)self->memory.len)
            continue;
        const Entry *entry = (const Entry *)((uint8_t *)self->memory.buf + offset);
        if (entry->key != key)
            continue;
        if (!self->checked[at]) {
            if (offset + sizeof(Entry) + entry->length > (uint64_t)self->memory.len
                || checksum(entry) != entry->checksum)
                continue;
            self->checked[at] = 1;
        }
        return entry;
    }
    return NULL;
}

static int glyphs_init(Glyphs *self, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"memory", "slots", "keys", "zeros", "kind", "reserve", NULL};
    PyObject *memory, *keys, *zeros, *kind, *reserve;
    unsigned long long slots;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OKO!OOO", names, &memory, &slots, &PyDict_Type, &keys, &zeros,
                                     &kind, &reserve))
        return -1;
    if (PyObject_GetBuffer(memory, &self->memory, PyBUF_WRITABLE) < 0)
        return -1;
    if (slots < 2 || slots & (slots - 1) || (uint64_t)self->memory.len < 8 * slots + HEAD) {
        PyErr_SetString(PyExc_ValueError, "slots: a power of two that the memory has room for");
        return -1;
    }
    for (self->shift = 64, self->slots = slots; slots > 1; slots /= 2)
        self->shift--;
    self->table = self->memory.buf;
    self->taken = self->table + self->slots;
    self->checked = PyMem_Calloc(self->slots, 1);
    if (self->checked == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->keys = Py_NewRef(keys);
    self->zeros = Py_NewRef(zeros);
    self->kind = Py_NewRef(kind);
    self->reserve = Py_NewRef(reserve);
    return 0;
}

static void glyphs_dealloc(Glyphs *self)
{
    if (self->memory.obj != NULL)
        PyBuffer_Release(&self->memory);
    PyMem_Free(self->checked);
    Py_XDECREF(self->keys);
    Py_XDECREF(self->zeros);
    Py_XDECREF(self->kind);
    Py_XDECREF(self->reserve);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static uint64_t room(const Glyphs *self)
{
    return (uint64_t)self->memory.len - 8 * self->slots - HEAD;
}

/* Return the offset of room for an entry that is this process's alone; 0 when there is none, or with an exception. */
static uint64_t allocate(Glyphs *self, size_t size)
{
    if (self->full || LOAD(self->taken) + size > room(self))
        return 0;
    uint64_t start = TAKE(self->taken, size);
    if (start + size > room(self)) {
        self->full = 1;
        return 0;
    }
    start += 8 * self->slots + HEAD;
    if (start + size > self->reserved) {
        uint64_t rest = (uint64_t)self->memory.len - start, wanted = rest < STEP ? rest : STEP;
        PyObject *answer = PyObject_CallFunction(self->reserve, "KK", start, wanted);
        if (answer == NULL)
            return 0;
        self->full = !PyObject_IsTrue(answer);
        Py_DECREF(answer);
        if (self->full)
            return 0;
        self->reserved = start + wanted;
    }
    return start;
}

static void publish(Glyphs *self, uint64_t key, uint64_t offset)
{
    uint64_t slot = slot_of(self, key);
    for (int probe = 0; probe < PROBES; probe++) {
        uint64_t *place = self->table + (slot + (uint64_t)probe) % self->slots;
        if (LOAD(place) == 0) {
            STORE(place, offset);
            return;
        }
    }
}

/* put(key, mask, left, top): keep a mask if there is room. */
static PyObject *glyphs_put(Glyphs *self, PyObject *args)
{
    unsigned long long key;
    PyObject *object;
    int left, top;
    Picture mask;
    if (!PyArg_ParseTuple(args, "KOii", &key, &object, &left, &top))
        return NULL;
    int found = picture_of(object, 1, 0, &mask);
    if (found < 0)
        return NULL;
    if (!found)
        Py_RETURN_NONE;
    if (mask.height < SIDE && mask.width < SIDE && left == (int16_t)left && top == (int16_t)top) {
        uint8_t *packed = PyMem_Malloc((size_t)(mask.height * mask.width) * 3 / 2 + (size_t)mask.height + 8);
        size_t length = packed == NULL ? 0 : pack(&mask, packed);
        uint64_t offset = packed == NULL ? 0 : allocate(self, (sizeof(Entry) + length + 7) & ~(size_t)7);
        if (offset) {
            Entry *entry = (Entry *)((uint8_t *)self->memory.buf + offset);
            *entry = (Entry){.key = key, .left = (int16_t)left, .top = (int16_t)top, .height = (uint16_t)mask.height,
                             .width = (uint16_t)mask.width, .length = (uint32_t)length};
            memcpy(entry + 1, packed, length);
            entry->checksum = checksum(entry);
            publish(self, key, offset);
        }
        PyMem_Free(packed);
    }
    PyBuffer_Release(&mask.buffer);
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

/* crowded() -> bool: at least half of the room is taken. */
static PyObject *glyphs_crowded(Glyphs *self, PyObject *unused)
{
    return PyBool_FromLong(self->full || LOAD(self->taken) > room(self) / 2);
}

static PyObject *new_canvas(Glyphs *self, Py_ssize_t height, Py_ssize_t width, Picture *canvas)
{
    PyObject *made = PyObject_CallFunction(self->zeros, "(nn)O", height, width, self->kind);
    if (made == NULL)
        return NULL;
    int found = picture_of(made, 1, 1, canvas);
    if (found > 0)
        return made;
    if (found == 0)
        PyErr_SetString(PyExc_TypeError, "zeros() gave no picture");
    Py_DECREF(made);
    return NULL;
}

/* get(key) -> (mask, left, top) | None */
static PyObject *glyphs_get(Glyphs *self, PyObject *number)
{
    uint64_t key = PyLong_AsUnsignedLongLong(number);
    if (key == (uint64_t)-1 && PyErr_Occurred())
        return NULL;
    const Entry *entry = find(self, key);
    if (entry == NULL)
        Py_RETURN_NONE;
    Picture canvas;
    PyObject *made = new_canvas(self, entry->height, entry->width, &canvas);
    if (made == NULL)
        return NULL;
    unpack(entry, canvas.pixels, canvas.row);
    PyBuffer_Release(&canvas.buffer);
    return Py_BuildValue("(Nii)", made, (int)entry->left, (int)entry->top);
}

/* ---- lines ---- */

/* A glyph on its line: packed, or as Python has just made it. */
typedef struct {
    uint64_t key;
    const Entry *entry;
    Picture made;
    long x, y;
} Piece;

typedef struct {
    PyObject *font; /* borrowed from the line */
    uint64_t key;
    int pictured;
} Face;

static int look_up(Glyphs *self, PyObject *font, Face *face)
{
    PyObject *number = PyDict_GetItemWithError(self->keys, font);
    if (number == NULL) {
        if (!PyErr_Occurred())
            PyErr_SetObject(PyExc_KeyError, font);
        return 0;
    }
    PyObject *color = PyObject_GetAttrString(font, "color");
    if (color == NULL)
        return 0;
    face->pictured |= PyObject_IsTrue(color) > 0;
    Py_DECREF(color);
    face->font = font;
    face->key = PyLong_AsUnsignedLongLong(number);
    return !PyErr_Occurred();
}

#ifdef __GNUC__
#define PREFETCH(place) __builtin_prefetch(place)
#else
#define PREFETCH(place) (void)(place)
#endif

/* Work out the keys of a line's glyphs, and have the memory that they lead to on its way before it is needed: most of
 * what takes time here is waiting for it. */
static int seek(Glyphs *self, PyObject *glyphs, long em, Face *face, Piece *pieces)
{
    Py_ssize_t count = PyList_GET_SIZE(glyphs);
    for (Py_ssize_t at = 0; at < count; at++) {
        PyObject *glyph = PyList_GET_ITEM(glyphs, at);
        if (!PyTuple_Check(glyph) || PyTuple_GET_SIZE(glyph) != 6) {
            PyErr_SetString(PyExc_TypeError, "a glyph with its place has six members");
            return 0;
        }
        PyObject *font = PyTuple_GET_ITEM(glyph, 0);
        if (font != face->font && !look_up(self, font, face))
            return 0;
        uint64_t number = PyLong_AsUnsignedLongLong(PyTuple_GET_ITEM(glyph, 1));
        uint64_t sideways = PyTuple_GET_ITEM(glyph, 5) == Py_True;
        uint64_t key = face->key ^ (number << 13 | (uint64_t)em << 1 | sideways) * UINT64_C(0x9E3779B97F4A7C15);
        pieces[at].key = key;
        PREFETCH(self->table + slot_of(self, key));
        PREFETCH(self->checked + slot_of(self, key));
    }
    for (Py_ssize_t at = 0; at < count; at++) {
        uint64_t offset = LOAD(self->table + slot_of(self, pieces[at].key));
        if (offset && offset + 256 < (uint64_t)self->memory.len)
            for (uint64_t line = 0; line < 256; line += 64)
                PREFETCH((uint8_t *)self->memory.buf + offset + line);
    }
    return !PyErr_Occurred();
}

/* Fill in where a glyph's mask comes from, its place and its size; 0 with an exception. */
static int take(Glyphs *self, PyObject *glyph, uint64_t key, long em, PyObject *make, Piece *piece, long box[4])
{
    double x = PyFloat_AsDouble(PyTuple_GET_ITEM(glyph, 3)), y = PyFloat_AsDouble(PyTuple_GET_ITEM(glyph, 4));
    if (PyErr_Occurred())
        return 0;
    PyObject *font = PyTuple_GET_ITEM(glyph, 0), *made;
    const Entry *entry = piece->entry = find(self, key);
    long left, top, height, width;
    if (entry != NULL) {
        left = entry->left, top = entry->top, height = entry->height, width = entry->width;
    } else {
        made = PyObject_CallFunction(make, "OOlO", font, PyTuple_GET_ITEM(glyph, 1), em, PyTuple_GET_ITEM(glyph, 5));
        if (made == NULL)
            return 0;
        PyObject *mask;
        int found = PyArg_ParseTuple(made, "Oll", &mask, &left, &top) ? picture_of(mask, 1, 0, &piece->made) : -1;
        Py_DECREF(made); /* the buffer keeps the mask */
        if (found <= 0) {
            if (found == 0)
                PyErr_SetString(PyExc_TypeError, "a mask's rows have to lie side by side");
            return 0;
        }
        height = piece->made.height, width = piece->made.width;
    }
    piece->x = box[0] = left + (long)rint(x * (double)em);
    piece->y = box[1] = top + (long)rint(y * (double)em);
    box[2] = box[0] + width;
    box[3] = box[1] + height;
    return 1;
}

/* raster(glyphs, em_px, make) -> (canvas | None, spots, left, top, pictured, chars)
 *
 * glyphs: a line's; make: gives (mask, left, top) of a glyph that is not there; chars: how many have ink. */
static PyObject *glyphs_raster(Glyphs *self, PyObject *args)
{
    PyObject *glyphs, *make, *spots = NULL, *canvas = NULL;
    long em, left = 1L << 30, top = 1L << 30, right = -(1L << 30), bottom = -(1L << 30);
    if (!PyArg_ParseTuple(args, "O!lO", &PyList_Type, &glyphs, &em, &make))
        return NULL;
    Py_ssize_t count = PyList_GET_SIZE(glyphs), taken = 0, chars = 0;
    uint8_t inked[MOST_GLYPHS] = {0};
    if (count > MOST_GLYPHS) {
        PyErr_SetString(PyExc_ValueError, "too many glyphs for one line");
        return NULL;
    }
    Piece *pieces = PyMem_Calloc((size_t)(count ? count : 1), sizeof(Piece));
    Face face = {NULL, 0, 0};
    Picture page;
    if (pieces == NULL)
        return PyErr_NoMemory();
    if ((spots = PyList_New(0)) == NULL)
        goto done;
    if (!seek(self, glyphs, em, &face, pieces))
        goto done;
    for (Py_ssize_t at = 0; at < count; at++) {
        PyObject *glyph = PyList_GET_ITEM(glyphs, at);
        Piece *piece = pieces + taken;
        long box[4];
        if (!take(self, glyph, pieces[at].key, em, make, piece, box))
            goto done;
        if (box[2] == box[0]) {
            if (piece->entry == NULL)
                PyBuffer_Release(&piece->made.buffer);
            piece->entry = NULL;
            memset(&piece->made, 0, sizeof(Picture));
            continue;
        }
        taken++;
        long own = PyLong_AsLong(PyTuple_GET_ITEM(glyph, 2));
        if (own >= 0 && own < MOST_GLYPHS) {
            chars += !inked[own];
            inked[own] = 1;
        }
        PyObject *spot = Py_BuildValue("(Ollll)", PyTuple_GET_ITEM(glyph, 2), box[0], box[1], box[2], box[3]);
        if (spot == NULL || PyList_Append(spots, spot) < 0) {
            Py_XDECREF(spot);
            goto done;
        }
        Py_DECREF(spot);
        left = box[0] < left ? box[0] : left;
        top = box[1] < top ? box[1] : top;
        right = box[2] > right ? box[2] : right;
        bottom = box[3] > bottom ? box[3] : bottom;
    }
    left -= PAD;
    top -= PAD;
    if (taken == 0)
        canvas = Py_NewRef(Py_None);
    else if ((canvas = new_canvas(self, bottom - top + PAD, right - left + PAD, &page)) != NULL) {
        for (Py_ssize_t at = 0; at < taken; at++) {
            const Piece *piece = pieces + at;
            uint8_t *place = page.pixels + (piece->y - top) * page.row + piece->x - left;
            if (piece->entry != NULL)
                unpack(piece->entry, place, page.row);
            else
                lay_mask(&piece->made, place, page.row);
        }
        PyBuffer_Release(&page.buffer);
    }
done:
    for (Py_ssize_t at = 0; at < count; at++)
        if (pieces[at].made.buffer.obj != NULL)
            PyBuffer_Release(&pieces[at].made.buffer);
    PyMem_Free(pieces);
    if (canvas == NULL) {
        Py_XDECREF(spots);
        return NULL;
    }
    return Py_BuildValue("(NNllNn)", canvas, spots, left, top, PyBool_FromLong(face.pictured), chars);
}

static PyMethodDef glyphs_methods[] = {
    {"put", (PyCFunction)glyphs_put, METH_VARARGS, "Keep a mask if there is room."},
    {"crowded", (PyCFunction)glyphs_crowded, METH_NOARGS, "Return whether half of the room is taken."},
    {"get", (PyCFunction)glyphs_get, METH_O, "Return (mask, left, top) of a key, or None."},
    {"raster", (PyCFunction)glyphs_raster, METH_VARARGS, "Return a line's mask and where its glyphs are."},
    {NULL, NULL, 0, NULL},
};

PyTypeObject Glyphs_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "synthtext._native.Glyphs",
    .tp_doc = "Glyph masks, packed, in memory that processes may share.",
    .tp_basicsize = sizeof(Glyphs),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)glyphs_init,
    .tp_dealloc = (destructor)glyphs_dealloc,
    .tp_methods = glyphs_methods,
};
