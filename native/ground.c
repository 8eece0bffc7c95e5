/* What of a page's ground is free: the counterpart of `Ground.room` in synthtext/scenes/ground.py and of `plain_fit` in
 * synthtext/scenes/fit.py. */

#include "native.h"
#include <math.h>
#include <string.h>

enum { STEP_PX = 4, CORNERS = 4, FRACTION = 16 };

/* The map of a page: which region every fourth pixel belongs to, and where something stands. */
typedef struct {
    Picture labels, taken;
} Map;

typedef struct {
    double x, y;
} Point;

typedef struct {
    int x, y;
} Cell;

static int map_of(PyObject *labels, PyObject *taken, Map *map)
{
    int found = picture_of(labels, 1, 0, &map->labels);
    if (found <= 0)
        return found;
    found = picture_of(taken, 1, 0, &map->taken);
    if (found > 0 && map->labels.height == map->taken.height && map->labels.width == map->taken.width)
        return 1;
    if (found > 0)
        PyBuffer_Release(&map->taken.buffer);
    PyBuffer_Release(&map->labels.buffer);
    return found < 0 ? -1 : 0;
}

static void release(Map *map)
{
    PyBuffer_Release(&map->taken.buffer);
    PyBuffer_Release(&map->labels.buffer);
}

/* `region` is -1 for anywhere. */
static inline int is_shut(const Map *map, Py_ssize_t y, Py_ssize_t x, long region)
{
    return map->taken.pixels[y * map->taken.row + x]
           || (region >= 0 && map->labels.pixels[y * map->labels.row + x] != region);
}

/* room(labels, taken, region, row, column) -> (left, top, right, bottom) in cells | None where Python has to look
 *
 * The free stretch of a row and of a column about a cell, which counts as free itself. */
PyObject *native_room(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    Map map;
    if (count != 5) {
        PyErr_SetString(PyExc_TypeError, "room() takes two maps, a region and a cell");
        return NULL;
    }
    long region = PyLong_AsLong(args[2]), row = PyLong_AsLong(args[3]), column = PyLong_AsLong(args[4]);
    if (PyErr_Occurred())
        return NULL;
    int found = map_of(args[0], args[1], &map);
    if (found <= 0)
        return found < 0 ? NULL : Py_NewRef(Py_None);
    PyObject *made = NULL;
    if (row < 0 || column < 0 || row >= map.labels.height || column >= map.labels.width) {
        made = Py_NewRef(Py_None);
    } else {
        Py_ssize_t left = column, right = column + 1, top = row, bottom = row + 1;
        while (left > 0 && !is_shut(&map, row, left - 1, region))
            left--;
        while (right < map.labels.width && !is_shut(&map, row, right, region))
            right++;
        while (top > 0 && !is_shut(&map, top - 1, column, region))
            top--;
        while (bottom < map.labels.height && !is_shut(&map, bottom, column, region))
            bottom++;
        made = Py_BuildValue("(nnnn)", left, top, right, bottom);
    }
    release(&map);
    return made;
}

/* A window of the map, a byte a cell: 1 where a quad lies. */
typedef struct {
    uint8_t *cells;
    int left, top, width, height;
} Window;

static inline void fill_row(Window *own, int y, int64_t from, int64_t to)
{
    from = from < own->left ? own->left : from;
    to = to >= own->left + own->width ? own->left + own->width - 1 : to;
    if (from <= to)
        memset(own->cells + (size_t)(y - own->top) * own->width + (from - own->left), 1, (size_t)(to - from + 1));
}

/* Mark the cells of a straight line; of two that are equally near, the one that whole steps from its left end find. */
static void draw_line(Window *own, Cell from, Cell to)
{
    if (to.x < from.x) {
        Cell other = from;
        from = to;
        to = other;
    }
    int across = to.x - from.x, down = to.y - from.y, way = down < 0 ? -1 : 1;
    down *= way;
    int steep = down > across, longer = steep ? down : across, shorter = steep ? across : down;
    int error = longer - 2 * shorter;
    for (int step = 0; step <= longer; step++) {
        fill_row(own, from.y, from.x, from.x);
        int aside = error < 0;
        error += (aside ? 2 * longer : 0) - 2 * shorter;
        from.y += steep || aside ? way : 0;
        from.x += !steep || aside ? 1 : 0;
    }
}

/* One side of a convex outline, walked down from its uppermost corner; `x` and `step` in 65536ths of a cell. */
typedef struct {
    int corner, turn, until;
    int64_t x, step;
} Side;

static void walk_down(Side *side, const Cell *outline, int y, int *left)
{
    for (int here = side->corner; y >= side->until && *left > 0; --*left) {
        int next = (here + side->turn) % CORNERS;
        if (outline[next].y > y) {
            int64_t down = outline[next].y - y;
            side->x = (int64_t)outline[here].x << FRACTION;
            side->step = (((((int64_t)outline[next].x << FRACTION) - side->x) * 2) + down) / (2 * down);
            side->corner = next;
            side->until = outline[next].y;
        }
        here = next;
    }
}

/* Mark the cells of a convex quad, its outline included: as cv2.fillConvexPoly does. */
static void fill_quad(Window *own, const Cell *outline)
{
    int first = 0, bottom = outline[0].y, left = CORNERS;
    for (int at = 0; at < CORNERS; at++) {
        draw_line(own, outline[(at + CORNERS - 1) % CORNERS], outline[at]);
        if (outline[at].y < outline[first].y)
            first = at;
        if (outline[at].y > bottom)
            bottom = outline[at].y;
    }
    int top = outline[first].y;
    int64_t nowhere = -((int64_t)1 << FRACTION);
    Side sides[2] = {{first, 1, top, nowhere, 0}, {first, CORNERS - 1, top, nowhere, 0}};
    for (int y = top; y <= bottom; y++) {
        for (int at = 0; at < 2; at++)
            walk_down(sides + at, outline, y, &left);
        int64_t half = (int64_t)1 << (FRACTION - 1), from = sides[0].x, to = sides[1].x;
        if (from > to) {
            from = sides[1].x;
            to = sides[0].x;
        }
        fill_row(own, y, (from + half) >> FRACTION, (to + half) >> FRACTION);
        sides[0].x += sides[0].step;
        sides[1].x += sides[1].step;
    }
}

static inline int cell_of(double px)
{
    return (int)nearbyint(px / STEP_PX - 0.5);
}

/* Return 1 where a quad that lies in the page is free and within the region, 0 where it is not, -1 without memory. */
static int is_free(const Map *map, const Point *corners, long region, double straying)
{
    Cell outline[CORNERS];
    int left = INT32_MAX, top = INT32_MAX, right = -1, bottom = -1;
    for (int at = 0; at < CORNERS; at++) {
        int x = outline[at].x = cell_of(corners[at].x), y = outline[at].y = cell_of(corners[at].y);
        if (x < 0 || y < 0 || x >= map->taken.width || y >= map->taken.height
            || map->taken.pixels[y * map->taken.row + x])
            return 0;
        left = x < left ? x : left;
        top = y < top ? y : top;
        right = x > right ? x : right;
        bottom = y > bottom ? y : bottom;
    }
    Window own = {NULL, left, top, right - left + 1, bottom - top + 1};
    own.cells = PyMem_Calloc((size_t)own.width, (size_t)own.height);
    if (own.cells == NULL)
        return -1;
    fill_quad(&own, outline);
    Py_ssize_t all = 0, seen = 0;
    int shut = 0;
    for (int y = 0; y < own.height && !shut; y++) {
        const uint8_t *cells = own.cells + (size_t)y * own.width;
        const uint8_t *taken = map->taken.pixels + (top + y) * map->taken.row + left;
        const uint8_t *labels = map->labels.pixels + (top + y) * map->labels.row + left;
        for (int x = 0; x < own.width; x++) {
            shut |= cells[x] & taken[x];
            all += cells[x];
            seen += cells[x] & (labels[x] == region);
        }
    }
    PyMem_Free(own.cells);
    return !shut && (double)seen >= (1.0 - straying) * (double)all;
}

/* Whether a quad is convex, clockwise and not squeezed. */
static int is_sound(const Point *corners, double least_px, double least_sine)
{
    Point sides[CORNERS];
    double lengths[CORNERS];
    for (int at = 0; at < CORNERS; at++) {
        const Point *from = corners + at, *to = corners + (at + 1) % CORNERS;
        sides[at] = (Point){to->x - from->x, to->y - from->y};
        lengths[at] = hypot(sides[at].x, sides[at].y);
        if (lengths[at] < least_px)
            return 0;
    }
    for (int at = 0; at < CORNERS; at++) {
        int before = (at + CORNERS - 1) % CORNERS;
        double turn = sides[before].x * sides[at].y - sides[before].y * sides[at].x;
        if (turn <= least_sine * lengths[before] * lengths[at])
            return 0;
    }
    return 1;
}

/* How the horizontals and uprights of a region's plane run: `Region.corners`. */
typedef struct {
    Point centre;
    double slope, fan, tilt, spread;
} Plane;

static void corners_of(const Plane *plane, Point at, double width, double height, double lean, Point *corners)
{
    static const Point UNITS[CORNERS] = {{-0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5}, {-0.5, 0.5}};
    double below = at.y - plane->centre.y, right = at.x - plane->centre.x;
    for (int corner = 0; corner < CORNERS; corner++) {
        double dx = UNITS[corner].x * width, dy = UNITS[corner].y * height;
        double rise = plane->slope + plane->fan * (below + dy) + lean;
        double push = plane->tilt + plane->spread * (right + dx) - lean;
        corners[corner] = (Point){at.x + dx + dy * push, at.y + dy + dx * rise};
    }
}

static inline double least(double first, double second)
{
    return second < first ? second : first;
}

static inline double most(double first, double second)
{
    return second > first ? second : first;
}

/* Return the middle nearest to `at` from which a stretch stays between two ends. */
static double centred(double at, double half, double from, double to)
{
    return least(most(at, from + half), most(from + half, to - half));
}

static int in_page(const Point *corners, double width, double height)
{
    for (int at = 0; at < CORNERS; at++)
        if (!(corners[at].x >= 1 && corners[at].y >= 1 && corners[at].x < width - 1 && corners[at].y < height - 1))
            return 0;
    return 1;
}

static int doubles_of(PyObject *tuple, int count, double *values)
{
    if (!PyTuple_Check(tuple) || PyTuple_GET_SIZE(tuple) != count) {
        PyErr_SetString(PyExc_TypeError, "fit() takes tuples of numbers");
        return 0;
    }
    for (int at = 0; at < count; at++)
        values[at] = PyFloat_AsDouble(PyTuple_GET_ITEM(tuple, at));
    return !PyErr_Occurred();
}

/* fit(labels, taken, region, page, centre, across, upright, room, at, size, slope, em, low, rules, tries)
 *     -> (em, tries left, centre; None where nothing fits) | None where Python has to look
 *
 * The largest of a few ever smaller sheets that fits about a place. `rules`: share of the room that may be filled,
 * shrinking from one to the next, straying out of the region, shortest side in pixels, least sine of its corners. */
PyObject *native_fit(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    if (count != 15) {
        PyErr_SetString(PyExc_TypeError, "fit() takes two maps, a region, a place, a sheet and the rules");
        return NULL;
    }
    double page[2], centre[2], across[2], upright[2], room[4], at[2], size[2], rules[5];
    long region = PyLong_AsLong(args[2]), tries = PyLong_AsLong(args[14]);
    double lean = PyFloat_AsDouble(args[10]), em = PyFloat_AsDouble(args[11]), low = PyFloat_AsDouble(args[12]);
    if (PyErr_Occurred() || !doubles_of(args[3], 2, page) || !doubles_of(args[4], 2, centre)
        || !doubles_of(args[5], 2, across) || !doubles_of(args[6], 2, upright) || !doubles_of(args[7], 4, room)
        || !doubles_of(args[8], 2, at) || !doubles_of(args[9], 2, size) || !doubles_of(args[13], 5, rules))
        return NULL;
    Map map;
    int found = map_of(args[0], args[1], &map);
    if (found <= 0)
        return found < 0 ? NULL : Py_NewRef(Py_None);
    Plane plane = {{centre[0], centre[1]}, across[0], across[1], upright[0], upright[1]};
    double wide = room[2] - room[0], high = room[3] - room[1];
    Point middle = {0.0, 0.0}, corners[CORNERS];
    int fits = 0;
    while (tries > 0 && !fits) {
        tries--;
        em = least(em, most(low, least(rules[0] * wide / size[0], rules[0] * high / size[1])));
        double width = size[0] * em, height = size[1] * em;
        middle.x = centred(at[0], width / 2, room[0], room[2]);
        middle.y = centred(at[1], height / 2, room[1], room[3]);
        corners_of(&plane, middle, width, height, lean, corners);
        fits = in_page(corners, page[0], page[1]) ? is_free(&map, corners, region, rules[2]) : 0;
        if (fits > 0)
            fits = is_sound(corners, rules[3], rules[4]);
        if (fits == 0) {
            if (em * rules[1] < low)
                break;
            em *= rules[1];
        }
    }
    release(&map);
    if (fits < 0)
        return PyErr_NoMemory();
    return fits ? Py_BuildValue("(dl(dd))", em, tries, middle.x, middle.y) : Py_BuildValue("(dlO)", em, tries, Py_None);
}
