package com.posthog.aigateway.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Which strings are media in base64, and what is written in their place.
///
/// It goes by place, and not by looks alone: signatures and encrypted reasoning are base64 too, and are kept.
final class Media {

    private static final Pattern DATA_URL =
            Pattern.compile("data:([^;,]{0,200})(?:;[^;,]{1,200}){0,8};base64,", Pattern.CASE_INSENSITIVE);
    private static final Set<String> WHOLE = Set.of("file_data", "b64_json", "partial_image_b64");
    private static final List<String> MEDIA_TYPE = List.of("media_type", "mimeType", "mime_type");
    private static final Set<String> MEDIA = Set.of("base64", "audio", "image", "video");
    private static final Set<String> NOT_MEDIA = Set.of("text", "redacted_thinking");
    private static final int SHORTEST = 20;

    private Media() {}

    /// The text itself, or what stands for it, as the member `name` of `owner`.
    static String redacted(ObjectNode owner, String name, String text) {
        if (isPlace(owner, name) && isBase64(text)) {
            return placeholder(kind(owner, name));
        }
        return redacted(text);
    }

    /// The text itself, or what stands for it where it is a data URL.
    static String redacted(String text) {
        var url = DATA_URL.matcher(text);
        return url.lookingAt() ? placeholder(kind(url.group(1))) : text;
    }

    private static boolean isPlace(ObjectNode owner, String name) {
        var type = type(owner);
        return switch (name) {
            case "result" -> type.equals("image_generation_call");
            case "data" ->
                !NOT_MEDIA.contains(type)
                        && (MEDIA.contains(type)
                                || isAudio(owner)
                                || !mediaType(owner).isEmpty());
            default -> WHOLE.contains(name);
        };
    }

    private static String kind(ObjectNode owner, String name) {
        if (!name.equals("data")) {
            return name.equals("file_data") ? "file" : "image";
        }
        return isAudio(owner) ? "audio" : kind(mediaType(owner).isEmpty() ? type(owner) : mediaType(owner));
    }

    private static String kind(String mediaType) {
        var family = mediaType.toLowerCase(Locale.ROOT).split("/", 2)[0];
        return switch (family) {
            case "image", "audio", "video" -> family;
            default -> "file";
        };
    }

    private static String type(ObjectNode owner) {
        return owner.path("type").asText();
    }

    /// OpenAI's audio names a format when it is asked and a transcript when it is answered, but no media type.
    private static boolean isAudio(ObjectNode owner) {
        return owner.has("format") || owner.has("transcript");
    }

    private static String mediaType(ObjectNode owner) {
        for (var name : MEDIA_TYPE) {
            if (owner.path(name).isTextual()) {
                return owner.path(name).textValue();
            }
        }
        return "";
    }

    private static String placeholder(String kind) {
        return "[base64 " + kind + " redacted]";
    }

    private static boolean isBase64(String text) {
        return text.length() > SHORTEST && text.chars().allMatch(Media::isBase64);
    }

    private static boolean isBase64(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "+/-_=\r\n".indexOf(c) >= 0;
    }
}
