/*
 * epoll: files that watch files, and list those that something came to.
 *
 *   E1  a watch lives until its file or its epoll is closed, or it is deleted
 *   E2  the watch of what is ready, and is to be told, is in the epoll's list;
 *       the list may have others, which are found out when it is read
 *   E3  an epoll that is watched by one watches none: wakes end
 *
 * No pointer argument may be null.
 */
#pragma once

struct file;

/* The file is closed: nobody watches it any more. */
void epoll_forget(struct file *file);
