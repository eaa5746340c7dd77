#include <files/socket_name.h>

#include <files/path.h>
#include <memory/user.h>
#include <processes/process.h>
#include <string.h>

#define FAMILY_BYTES sizeof(uint16_t)

long socket_name_read(struct thread *t, uint64_t address, uint64_t bytes,
                      struct socket_name *ret_name)
{
    memset(ret_name, 0, sizeof *ret_name);
    if ((uint32_t)bytes < FAMILY_BYTES || (uint32_t)bytes > SOCKET_NAME_BYTES) {
        return -LINUX_EINVAL;
    }
    if (user_read(t->space, ret_name, address, (uint32_t)bytes) != 0) {
        return -LINUX_EFAULT;
    }
    ret_name->bytes = (uint32_t)bytes;
    return ret_name->family != SOCKET_FAMILY || ret_name->bytes == FAMILY_BYTES
               ? -LINUX_EINVAL
               : 0;
}

long socket_name_write(struct thread *t, const struct socket_name *name,
                       uint64_t address, uint64_t length_address)
{
    struct socket_name none = { .family = SOCKET_FAMILY,
                                .bytes = FAMILY_BYTES };
    int32_t room;
    if (name->bytes == 0) { name = &none; }
    if (user_read(t->space, &room, length_address, sizeof room) != 0) {
        return -LINUX_EFAULT;
    }
    if (room < 0) { return -LINUX_EINVAL; }
    uint32_t part = (uint32_t)room < name->bytes ? (uint32_t)room : name->bytes;
    if (user_write(t->space, address, name, part) != 0) {
        return -LINUX_EFAULT;
    }
    return user_write(t->space, length_address, &name->bytes,
                      sizeof name->bytes);
}

static long find_path(struct thread *t, const struct socket_name *name,
                      struct place *ret_place)
{
    char path[SOCKET_PATH_BYTES + 1] = { 0 };
    memcpy(path, name->path, name->bytes - FAMILY_BYTES);
    return path_find_text(t, t->process->scope->folder, path, PATH_FOLLOW,
                          ret_place);
}

long socket_name_find(struct thread *t, const struct socket_name *name,
                      enum socket_type type, struct socket **ret_socket)
{
    struct socket *s = NULL;
    if (name->path[0] == '\0') {
        s = socket_find(name);
    } else {
        struct place place;
        long result = find_path(t, name, &place);
        if (result != 0) { return result; }
        bool is_there = place.node != NULL;
        if (is_there && node_is(place.node, LINUX_S_SOCKET)) {
            s = place.node->channel;
        }
        place_end(&place);
        if (!is_there) { return -LINUX_ENOENT; }
    }
    if (s == NULL) { return -LINUX_ECONNREFUSED; }
    *ret_socket = s;
    return s->type == type ? 0 : -LINUX_EPROTOTYPE;
}

static long bind_path(struct thread *t, struct socket *s,
                      const struct socket_name *name)
{
    struct place place;
    struct node *node;
    long result = find_path(t, name, &place);
    if (result != 0) { return result; }
    result = place.node != NULL
                 ? -LINUX_EADDRINUSE
                 : place_make(t, &place, LINUX_S_SOCKET | 0777, &node);
    place_end(&place);
    if (result == 0) { socket_set_name(s, name, node); }
    return result;
}

long socket_name_give(struct thread *t, struct socket *s,
                      const struct socket_name *name)
{
    if (s->name.bytes != 0) { return -LINUX_EINVAL; }
    if (name->path[0] != '\0') { return bind_path(t, s, name); }
    if (socket_find(name) != NULL) { return -LINUX_EADDRINUSE; }
    socket_set_name(s, name, NULL);
    return 0;
}
