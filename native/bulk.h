/* Whether what passes is much, and what the recorder does then to be in nobody's way. */
#ifndef REC_BULK_H
#define REC_BULK_H

#include <stdbool.h>
#include <stdint.h>

/* How many bytes have come, at this time in microseconds; whether it is much lately. */
bool count_bulk(int32_t input, int32_t output, int64_t now_us);

/* Whether it was much when last counted. */
bool is_bulk(void);

/* Waits until more of a large input has come together. */
void nap(void);

#endif
