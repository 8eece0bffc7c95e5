/* Laying a thing onto a picture, with its shadow and the light of the wall behind it: the counterpart of `plain_hang` in
 * synthtext/scenes/hang.py. */

#include "native.h"
#include <math.h>
#include <string.h>

enum { STEP = 4, SHADE_BITS = 2, PLACES = 8, POINTS = 4, LIGHT_BITS = 4, EVEN = 128, MOST_FALL = 32, MOST_GRAIN = 4 };

static const double DARK = 20.0, SHARE = 0.8;

/* What is known at a few rows and columns, stretched over the columns of a picture: values times 2^bits. */
typedef struct {
    uint16_t *values;
    int rows, bits;
    Py_ssize_t width;
} Stretched;

/* Return the value, no lower and no higher than these. */
static inline int within(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

/* Where a column of a picture lies between known ones. */
typedef struct {
    uint16_t here, share;
} Spot;

/* Return where a place, in units of 1 / 2^bits of their distance, lies between so many known ones. */
static inline Spot spot_of(int at, int count, int bits)
{
    int place = within(at, 0, (count - 1) << bits);
    return (Spot){(uint16_t)(place >> bits), (uint16_t)(place & ((1 << bits) - 1))};
}

/* Stretch rows of values, each of which is followed by one that is not looked at or counts for nothing. */
static void stretch(const uint8_t *known, int columns, Stretched *made, const Spot *spots)
{
    uint16_t unit = (uint16_t)(1 << made->bits);
    uint16_t *out = made->values;
    for (int row = 0; row < made->rows; row++, known += columns + 1, out += made->width)
        for (Py_ssize_t x = 0; x < made->width; x++) {
            const uint8_t *pair = known + spots[x].here;
            out[x] = (uint16_t)(pair[0] * (unit - spots[x].share) + pair[1] * spots[x].share);
        }
}

/* The same for rows of which every fourth column is known, from the third one on. */
static void stretch_steps(const uint8_t *known, int columns, Stretched *made)
{
    uint16_t *out = made->values;
    for (int row = 0; row < made->rows; row++, known += columns, out += made->width) {
        Py_ssize_t x = 0;
        for (; x < STEP / 2 && x < made->width; x++)
            out[x] = (uint16_t)(STEP * known[0]);
        for (int at = 0; at + 1 < columns && x + STEP <= made->width; at++, x += STEP) {
            uint16_t here = known[at], next = known[at + 1];
            out[x] = (uint16_t)(4 * here);
            out[x + 1] = (uint16_t)(3 * here + next);
            out[x + 2] = (uint16_t)(2 * here + 2 * next);
            out[x + 3] = (uint16_t)(here + 3 * next);
        }
        for (; x < made->width; x++) {
            Spot spot = spot_of((int)x - STEP / 2, columns, SHADE_BITS);
            const uint8_t *pair = known + spot.here;
            out[x] = (uint16_t)(pair[0] * (STEP - spot.share) + (spot.share ? pair[1] * spot.share : 0));
        }
    }
}

/* All values are below 2^16: 255 times 16 times 16, and a half. */
MANY_PROCESSORS
static void mix_rows(const uint16_t *restrict upper, const uint16_t *restrict lower, int share, int bits,
                     uint8_t *restrict out, Py_ssize_t width)
{
    uint16_t keep = (uint16_t)((1 << bits) - share), take = (uint16_t)share, half = (uint16_t)(1 << (2 * bits - 1));
    for (Py_ssize_t x = 0; x < width; x++) {
        uint16_t sum = (uint16_t)((uint16_t)(upper[x] * keep) + (uint16_t)(lower[x] * take));
        out[x] = (uint8_t)((uint16_t)(sum + half) >> (2 * bits));
    }
}

/* Work out what lies between known rows at a place. */
static void between_rows(const Stretched *known, int at, uint8_t *out, Py_ssize_t width)
{
    Spot spot = spot_of(at, known->rows, known->bits);
    const uint16_t *upper = known->values + spot.here * known->width;
    mix_rows(upper, spot.share ? upper + known->width : upper, spot.share, known->bits, out, width);
}

static inline uint8_t with_grain(uint8_t light, int pixel, int around)
{
    int16_t off = (int16_t)(pixel - ((around + 2) >> 2));
    off = off < -MOST_GRAIN ? -MOST_GRAIN : off > MOST_GRAIN ? MOST_GRAIN : off;
    int16_t lit = (int16_t)(light + off);
    return (uint8_t)(lit < 0 ? 0 : lit > 255 ? 255 : lit);
}

MANY_PROCESSORS
static void add_grain(const uint8_t *restrict row, const uint8_t *restrict above, const uint8_t *restrict below,
                      uint8_t *restrict light, Py_ssize_t width)
{
    Py_ssize_t last = width - 1, after = width > 1 ? 1 : 0;
    light[0] = with_grain(light[0], row[0], row[0] + row[after] + above[0] + below[0]);
    for (Py_ssize_t x = 1; x < last; x++)
        light[x] = with_grain(light[x], row[x], row[x - 1] + row[x + 1] + above[x] + below[x]);
    if (last > 0)
        light[last] = with_grain(light[last], row[last], row[last - 1] + row[last] + above[last] + below[last]);
}

/* Return how light falls on a wall, 128 for its mean: `_fall_on`. */
static void fall_on(const Picture *gray, int *light)
{
    enum { COUNT = PLACES * POINTS };
    int means[PLACES][PLACES] = {{0}}, smooth[PLACES][PLACES], total = 0;
    for (int y = 0; y < COUNT; y++)
        for (int x = 0; x < COUNT; x++) {
            Py_ssize_t row = (2 * y + 1) * gray->height / (2 * COUNT), column = (2 * x + 1) * gray->width / (2 * COUNT);
            means[y / POINTS][x / POINTS] += gray->pixels[row * gray->row + column];
        }
    for (int at = 0; at < PLACES * PLACES; at++)
        means[at / PLACES][at % PLACES] = (means[at / PLACES][at % PLACES] + POINTS * POINTS / 2) >> 4;
    for (int y = 0; y < PLACES; y++)
        for (int x = 0; x < PLACES; x++) {
            int sum = 0;
            for (int near = 0; near < 9; near++)
                sum += means[within(y + near / 3 - 1, 0, PLACES - 1)][within(x + near % 3 - 1, 0, PLACES - 1)];
            smooth[y][x] = (sum + 4) / 9;
            total += smooth[y][x];
        }
    double gain = 128.0 * SHARE / ((double)total / (PLACES * PLACES) + DARK);
    for (int at = 0; at < PLACES * PLACES; at++)
        light[at] = within((int)nearbyint((smooth[at / PLACES][at % PLACES] + DARK) * gain + 128.0 * (1.0 - SHARE)),
                           EVEN - MOST_FALL, EVEN + MOST_FALL);
}

/* What the light and the shadow of a thing are worked out from; missing ones have no values. */
typedef struct {
    Stretched light, shade;
    Spot *spots;
    int down, right;
    uint8_t *rows; /* two of the picture's width: light, and shade */
} Room;

static void release(Room *room)
{
    PyMem_Free(room->light.values);
    PyMem_Free(room->shade.values);
    PyMem_Free(room->spots);
    PyMem_Free(room->rows);
}

/* Return 0 without memory. */
static int light_ready(Room *room, const Picture *gray, const uint8_t *fall, Py_ssize_t width)
{
    int light[PLACES * PLACES];
    uint8_t known[PLACES * (PLACES + 1)] = {0};
    for (int at = 0; at < PLACES * PLACES; at++)
        light[at] = EVEN;
    if (gray != NULL)
        fall_on(gray, light);
    for (int at = 0; at < PLACES * PLACES; at++) {
        int both = fall == NULL ? light[at] : (light[at] * fall[at] + EVEN / 2) >> 7;
        known[at / PLACES * (PLACES + 1) + at % PLACES] = (uint8_t)(both > 255 ? 255 : both);
    }
    room->light = (Stretched){PyMem_Malloc(PLACES * (size_t)width * sizeof(uint16_t)), PLACES, LIGHT_BITS, width};
    if (room->light.values == NULL)
        return 0;
    for (Py_ssize_t x = 0; x < width; x++)
        room->spots[x] = spot_of((int)((2 * x + 1) * (PLACES << LIGHT_BITS) / (2 * width)) - (1 << LIGHT_BITS) / 2, PLACES,
                                 LIGHT_BITS);
    stretch(known, PLACES, &room->light, room->spots);
    return 1;
}

/* Return 0 without memory. */
static int shade_ready(Room *room, const Picture *stamp, int around, int strength)
{
    int rows = (int)((stamp->height + STEP - 1) / STEP), columns = (int)((stamp->width + STEP - 1) / STEP);
    size_t cells = (size_t)rows * (size_t)columns;
    int side = 2 * around + 1, area = side * side;
    uint8_t *left = PyMem_Malloc(cells);
    int *sums = PyMem_Malloc(cells * sizeof(int));
    room->shade = (Stretched){PyMem_Malloc((size_t)rows * (size_t)stamp->width * sizeof(uint16_t)), rows, SHADE_BITS,
                              stamp->width};
    int enough = left != NULL && sums != NULL && room->shade.values != NULL;
    if (enough) {
        for (int y = 0; y < rows; y++) {
            Py_ssize_t row = STEP * (Py_ssize_t)y + STEP / 2;
            const uint8_t *pixels = stamp->pixels + (row < stamp->height ? row : stamp->height - 1) * stamp->row;
            for (int x = 0; x < columns; x++) {
                Py_ssize_t column = STEP * (Py_ssize_t)x + STEP / 2;
                left[y * columns + x] = pixels[4 * (column < stamp->width ? column : stamp->width - 1) + 3];
            }
            for (int x = 0; x < columns; x++) {
                int sum = 0;
                for (int near = x - around; near <= x + around; near++)
                    sum += near >= 0 && near < columns ? left[y * columns + near] : 0;
                sums[y * columns + x] = sum;
            }
        }
        for (int y = 0; y < rows; y++)
            for (int x = 0; x < columns; x++) {
                int sum = area / 2;
                for (int near = y - around; near <= y + around; near++)
                    sum += near >= 0 && near < rows ? sums[near * columns + x] : 0;
                left[y * columns + x] = (uint8_t)(255 - ((sum / area * strength + 128) >> 8));
            }
        stretch_steps(left, columns, &room->shade);
    }
    PyMem_Free(left);
    PyMem_Free(sums);
    return enough;
}

static const uint8_t *light_row(const Room *room, const Picture *gray, Py_ssize_t y, Py_ssize_t height)
{
    Py_ssize_t width = room->light.width;
    if (room->light.values == NULL)
        return NULL;
    int at = (int)((2 * y + 1) * (PLACES << LIGHT_BITS) / (2 * height)) - (1 << LIGHT_BITS) / 2;
    between_rows(&room->light, at, room->rows, width);
    if (gray != NULL) {
        const uint8_t *row = gray->pixels + y * gray->row;
        add_grain(row, y > 0 ? row - gray->row : row, y + 1 < height ? row + gray->row : row, room->rows, width);
    }
    return room->rows;
}

static const uint8_t *shade_row(const Room *room, Py_ssize_t y)
{
    Py_ssize_t width = room->shade.width;
    if (room->shade.values == NULL)
        return NULL;
    uint8_t *row = room->rows + width;
    memset(row, 255, (size_t)width);
    if (y >= room->down && width > room->right)
        between_rows(&room->shade, (int)y - room->down - STEP / 2, row + room->right, width - room->right);
    return row;
}

/* Return 0 without memory. */
static int hang(Picture *view, const Picture *stamp, const Picture *gray, const uint8_t *fall, const int *shadow)
{
    size_t width = (size_t)view->width;
    Room room = {.spots = PyMem_Malloc(width * sizeof(Spot)), .rows = PyMem_Malloc(2 * width), .down = shadow[1],
                 .right = shadow[2]};
    int enough = room.spots != NULL && room.rows != NULL;
    if (enough && (gray != NULL || fall != NULL))
        enough = light_ready(&room, gray, fall, view->width);
    if (enough && shadow[3])
        enough = shade_ready(&room, stamp, shadow[0], shadow[3]);
    for (Py_ssize_t y = 0; enough && y < view->height; y++)
        cover(view->pixels + y * view->row, stamp->pixels + y * stamp->row, shade_row(&room, y),
              light_row(&room, gray, y, view->height), view->width);
    release(&room);
    return enough;
}

/* hang(view, stamp, gray, fall, around, down, right, strength) -> bool: False where the pictures do not lie in memory as
 * they have to. */
PyObject *native_hang(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    Picture pictures[3]; /* view, stamp, gray */
    Py_buffer fall = {.buf = NULL};
    int shadow[4];
    if (count != 8) {
        PyErr_SetString(PyExc_TypeError, "hang() takes a picture, a stamp, a wall, a fall of light and a shadow");
        return NULL;
    }
    for (int at = 0; at < 4; at++)
        shadow[at] = (int)PyLong_AsLong(args[4 + at]);
    if (PyErr_Occurred() || (args[3] != Py_None && PyObject_GetBuffer(args[3], &fall, PyBUF_C_CONTIGUOUS) < 0))
        return NULL;
    int enough = 1, found = fall.buf == NULL || fall.len == PLACES * PLACES;
    found = found && shadow[0] >= 0 && shadow[1] >= 0 && shadow[2] >= 0;
    if (found)
        found = pictures_of(args, (const Py_ssize_t[]){3, 4, 1}, 3, pictures);
    if (found > 0) {
        if (pictures[0].height > 0 && pictures[0].width > 0)
            enough = hang(pictures, pictures + 1, pictures[2].pixels == NULL ? NULL : pictures + 2, fall.buf, shadow);
        release_pictures(pictures, 3);
    }
    if (fall.buf != NULL)
        PyBuffer_Release(&fall);
    if (!enough)
        return PyErr_NoMemory();
    return found < 0 ? NULL : PyBool_FromLong(found);
}
