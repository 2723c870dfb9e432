/* SPDX-License-Identifier: BSD-2-Clause */
/* The client secret's file: refused when anybody but the keeper (and root) could read or change it. */
#include "connection/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "config/settings.h"
#include "frontdesk/paths.h"
#include "trusted_path.h"
#include "users.h"

/* A plain name is a systemd credential of this service (systemd.exec(5), LoadCredential=). malloc'd. */
static char *secret_path(const char *file, char **ret_why)
{
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    char *path;

    if (file[0] == '/')
        path = strdup(file);
    else if (strchr(file, '/') || file[0] == '.' || file[0] == '\0') {
        *ret_why = setting_sentence("client_secret_file `%s` is neither an absolute path nor the name of a "
                                    "systemd credential",
                                    file);
        return NULL;
    } else if (!credentials || credentials[0] != '/') {
        *ret_why = setting_sentence("client_secret_file `%s` is the name of a systemd credential, but this "
                                    "process was given none (LoadCredential=%s:PATH in the unit)",
                                    file, file);
        return NULL;
    } else
        path = setting_sentence("%s/%s", credentials, file);
    if (!path)
        *ret_why = NULL;
    return path;
}

/* What is wrong with owner and mode, or NULL. */
static const char *fault_of(const struct stat *status)
{
    const uid_t self = geteuid();
    struct user_ids keeper = {0, 0};
    const bool has_keeper = users_find(FD_KEEPER_USER, &keeper);
    const bool is_keepers = has_keeper && status->st_uid == keeper.uid;
    const bool is_own = status->st_uid == self && self != 0 && !(has_keeper && self == keeper.uid);

    if (!S_ISREG(status->st_mode))
        return "is no regular file";
    if (status->st_nlink > 1)
        return "has another name elsewhere (a hard link)";
    if (status->st_uid != 0 && !is_keepers && !is_own)
        return "belongs to neither root nor " FD_KEEPER_USER " (chown root:" FD_KEEPER_USER ")";
    if (status->st_mode & 0007)
        return "is open to everybody (chmod 0640)";
    if (status->st_mode & 0020)
        return "may be written by its group (chmod 0640)";
    if ((status->st_mode & 0040) && status->st_gid != 0 && !(has_keeper && status->st_gid == keeper.gid))
        return "may be read by a group other than " FD_KEEPER_USER " (chmod 0600)";
    if (status->st_size > CLIENT_SECRET_MAX + 1)
        return "is larger than a client secret can be";
    return NULL;
}

/* Reads to the end; -1: errno. */
static ssize_t read_all(int fd, char *buffer, size_t size)
{
    size_t used = 0;

    while (used < size) {
        const ssize_t n = read(fd, buffer + used, size - used);

        if (n == 0)
            break;
        if (n > 0)
            used += (size_t)n;
        else if (errno != EINTR)
            return -1;
    }
    return (ssize_t)used;
}

static bool begins_as_pem(const char *text, size_t length)
{
    static const char begin[] = "-----BEGIN ";

    return length >= sizeof begin - 1 && memcmp(text, begin, sizeof begin - 1) == 0;
}

/* What is wrong with a text that should be a private key in PEM, or NULL; the key itself is judged where it
 * signs. */
static const char *fault_of_key(const char *text, size_t length)
{
    if (memchr(text, '\0', length) || !begins_as_pem(text, length) ||
        !memmem(text, length, "PRIVATE KEY-----", strlen("PRIVATE KEY-----")))
        return "is no private key in PEM, which private_key_jwt needs";
    if (memmem(text, length, "ENCRYPTED", strlen("ENCRYPTED")))
        return "is an encrypted key, and nobody is here to type its password";
    return NULL;
}

bool client_secret_is_line(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    return true;
}

static const char *fault_of_secret(const char *text, size_t length)
{
    if (begins_as_pem(text, length))
        return "holds a key: `client_auth_method = private_key_jwt` says so";
    if (!client_secret_is_line(text, length))
        return "is more than one line of text, or holds a control character";
    return NULL;
}

/* Of the file's text, by what it is to prove the client with. */
static const char *fault_of_text(enum client_auth method, const char *text, size_t length)
{
    const bool is_key =
        method == CLIENT_AUTH_PRIVATE_KEY_JWT || (method == CLIENT_AUTH_AUTO && begins_as_pem(text, length));

    return is_key ? fault_of_key(text, length) : fault_of_secret(text, length);
}

/* The bytes of an opened file become the secret; what is wrong, or NULL. */
static const char *read_secret(int fd, enum client_auth method, struct secret *ret_secret)
{
    char buffer[CLIENT_SECRET_MAX + 2];
    const ssize_t n = read_all(fd, buffer, sizeof buffer);
    size_t length = n > 0 ? (size_t)n : 0;
    const char *why;

    if (length > 0 && buffer[length - 1] == '\n')
        length--;
    if (n < 0)
        why = strerror(errno);
    else if (length == 0)
        why = "is empty";
    else if (length > CLIENT_SECRET_MAX)
        why = "is larger than a client secret can be";
    else
        why = fault_of_text(method, buffer, length);
    if (!why && !secret_copy(buffer, length, ret_secret))
        why = "does not fit into memory";
    explicit_bzero(buffer, sizeof buffer);
    return why;
}

bool connection_read_secret(const struct connection *connection, struct secret *ret_secret, char **ret_why)
{
    AUTO_FREE char *path = NULL;
    AUTO_CLOSE int fd = -1;
    struct path_fault fault;
    struct user_ids keeper;
    struct stat status;
    const char *why;

    if (!connection->client_secret_file) {
        *ret_secret = (struct secret){0};
        return true;
    }
    path = secret_path(connection->client_secret_file, ret_why);
    if (!path)
        return false;
    if (!path_folder_is_trusted(path, users_find(FD_KEEPER_USER, &keeper) ? keeper.uid : 0, &fault)) {
        *ret_why = setting_sentence("client secret %s: %s %s", path, fault.where, fault.why);
        return false;
    }
    fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 && errno == ELOOP)
        why = "is a symbolic link";
    else if (fd < 0 || fstat(fd, &status) != 0)
        why = errno == EACCES ? "cannot be read by this user (chown root:" FD_KEEPER_USER ", chmod 0640)"
                              : strerror(errno);
    else
        why = fault_of(&status);
    if (!why)
        why = read_secret(fd, connection->client_auth_method, ret_secret);
    if (why) {
        *ret_why = setting_sentence("client secret %s: %s", path, why);
        return false;
    }
    return true;
}
