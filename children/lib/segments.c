/* The client's side of segments. */
#include "segments.h"

#include "touch.h"

static void note(uint64_t result, const struct kerne_words *answer,
                 struct kerne_segments_done *ret_done)
{
    *ret_done = (struct kerne_segments_done){
        .result = result,
        .status = answer->w[KERNE_WORD_STATUS],
    };
}

uint64_t kerne_segments_sense(uint64_t address,
                              struct kerne_segments *ret_segments,
                              struct kerne_segments_done *ret_done)
{
    struct kerne_words answer;
    note(kerne_ask(address, KERNE_SENSE, 0, 0, &answer), &answer, ret_done);
    *ret_segments = (struct kerne_segments){
        .all = answer.w[KERNE_WORD_ALL],
        .largest = answer.w[KERNE_WORD_LARGEST],
        .best = answer.w[KERNE_WORD_BEST],
        .is_writable = answer.w[KERNE_WORD_WRITABLE] != 0,
    };
    return ret_done->result;
}

uint64_t kerne_segments_flush(uint64_t address,
                              struct kerne_segments_done *ret_done)
{
    struct kerne_words answer;
    note(kerne_ask(address, KERNE_SEGMENTS_FLUSH, 0, 0, &answer), &answer,
         ret_done);
    return ret_done->result;
}

static bool is_missing(const struct kerne_segments_done *done)
{
    return done->result == KERNE_r_malfunction &&
           done->status == KERNE_r_missing;
}

/* Segments that an answer says were moved; of more than were asked for, all. */
static uint64_t moved(const struct kerne_segments_done *answered,
                      const struct kerne_words *answer, uint64_t asked)
{
    uint64_t part = answer->w[KERNE_WORD_BYTES] / KERNE_SEGMENT;
    if (answered->result != KERNE_r_normal && !is_missing(answered)) {
        return 0;
    }
    return part < asked ? part : asked;
}

static uint64_t transfer(uint64_t address, uint64_t grant,
                         struct kerne_words message, uint64_t segments,
                         struct kerne_segments_done *ret_done)
{
    uint64_t done = 0;
    unsigned fruitless = 0;
    bool goes_on;
    do {
        struct kerne_words answer;
        note(kerne_converse(address, &message, &answer), &answer, ret_done);
        uint64_t part = moved(ret_done, &answer, segments - done);
        done += part;
        fruitless = part == 0 ? fruitless + 1 : 0;
        message.w[KERNE_WORD_FIRST] += part * KERNE_SEGMENT;
        message.w[KERNE_WORD_SEGMENT] += part;
        goes_on = ret_done->result == KERNE_r_normal;
        if (is_missing(ret_done)) {
            kerne_touch(grant, (char *)message.w[KERNE_WORD_FIRST],
                        (segments - done) * KERNE_SEGMENT);
            goes_on = true;
        }
    } while (goes_on && done < segments && fruitless < FRUITLESS);
    ret_done->segments = done;
    if (goes_on) {
        ret_done->result =
            done == segments ? KERNE_r_normal : KERNE_r_malfunction;
    }
    return ret_done->result;
}

uint64_t kerne_segments_input(uint64_t address, uint64_t first, void *ret_area,
                              uint64_t segments,
                              struct kerne_segments_done *ret_done)
{
    return transfer(address, KERNE_GRANT_WRITE,
                    kerne_segments_message(KERNE_INPUT, KERNE_GRANT_WRITE,
                                           ret_area, segments, first),
                    segments, ret_done);
}

uint64_t kerne_segments_output(uint64_t address, uint64_t first,
                               const void *area, uint64_t segments,
                               struct kerne_segments_done *ret_done)
{
    return transfer(address, KERNE_GRANT_READ,
                    kerne_segments_message(KERNE_OUTPUT, KERNE_GRANT_READ, area,
                                           segments, first),
                    segments, ret_done);
}

const char *kerne_segments_text(const struct kerne_segments_done *done)
{
    bool has_status = done->result == KERNE_r_rejected ||
                      done->result == KERNE_r_unintelligible ||
                      done->result == KERNE_r_malfunction;
    switch (has_status ? done->status : KERNE_SEGMENTS_DONE) {
    case KERNE_SEGMENTS_DEVICE_ERROR: return "the device reports an error";
    case KERNE_SEGMENTS_DEVICE_UNSUPPORTED:
        return "the device says that it cannot do this";
    case KERNE_SEGMENTS_DEVICE_SILENT: return "the device does not answer";
    case KERNE_SEGMENTS_BAD_AREA:
        return "the area is not granted, or no whole number of segments";
    case KERNE_SEGMENTS_NO_SEGMENT: return "there are not so many segments";
    case KERNE_SEGMENTS_READ_ONLY:
        return "the disk can be read only; `./run --disk FILE` without "
               "`,readonly` lets it be written";
    case KERNE_SEGMENTS_NO_DEVICE: return "there is no disk behind this name";
    case KERNE_SEGMENTS_TOO_MANY:
        return "it holds too many messages already; ask again later";
    case KERNE_SEGMENTS_NOT_RESERVED: return "the sender has not reserved it";
    case KERNE_SEGMENTS_PART_OF_BLOCK:
        return "only whole blocks of the disk can be moved";
    default: return kerne_result_text(done->result);
    }
}
