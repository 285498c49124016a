package com.posthog.aigateway.testing;

import java.util.ArrayList;
import java.util.List;

/// JSON text as anybody might write it: blanks, escapes, numbers in every form, nested and doubled members.
public final class JsonMaker {

    private static final List<String> WORDS = List.of(
            "a", "role", "content", "usage", "model", "stream", "x-y", "", "id", "include_usage", "é", "data: {");

    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "1",
            "12.50",
            "1e3",
            "1E+2",
            "-3.0e-10",
            "123456789012345678901234567890",
            "0.1000000000",
            "1e400");

    private static final List<String> LETTERS = List.of(
            "a", "b", " ", "{", "}", "[", "]", ":", ",", "ä", "€", "😀", "漢", "/", "'", "\u007f", "\u2028", "data:");

    private static final List<String> ESCAPES = List.of(
            "\\n",
            "\\r",
            "\\t",
            "\\\"",
            "\\\\",
            "\\/",
            "\\b",
            "\\f",
            "\\u0041",
            "\\u00e4",
            "\\ud83d\\ude00",
            "\\u0000");

    private final Chance chance;

    public JsonMaker(Chance chance) {
        this.chance = chance;
    }

    public String blanks() {
        return chance.onceIn(3) ? chance.of(" ", "  ", "\n", "\t", "\r\n", " \n  ") : "";
    }

    /// Any value.
    public String value(int depth) {
        return switch (chance.below(depth > 0 ? 7 : 4)) {
            case 0 -> string();
            case 1 -> chance.of(NUMBERS);
            case 2 -> chance.of("true", "false", "null");
            case 3 -> Integer.toString(chance.below(100_000));
            case 4 -> array(depth - 1);
            default -> object(depth - 1);
        };
    }

    public String string() {
        var text = new StringBuilder("\"");
        int length = chance.onceIn(20) ? chance.below(2_000) : chance.below(12);
        for (int i = 0; i < length; i++) {
            text.append(chance.onceIn(4) ? chance.of(ESCAPES) : chance.of(LETTERS));
        }
        return text.append('"').toString();
    }

    private String array(int depth) {
        var values = new ArrayList<String>();
        for (int i = chance.below(4); i > 0; i--) {
            values.add(blanks() + value(depth) + blanks());
        }
        return "[" + (values.isEmpty() ? blanks() : String.join(",", values)) + "]";
    }

    public String object(int depth) {
        var members = new ArrayList<String>();
        for (int i = chance.below(4); i > 0; i--) {
            members.add(member("\"" + chance.of(WORDS) + "\"", value(depth)));
        }
        return object(members);
    }

    /// An object of members, in their order.
    public String object(List<String> members) {
        return "{" + (members.isEmpty() ? blanks() : String.join(",", members)) + "}";
    }

    /// One member with its blanks; the name is quoted already.
    public String member(String quotedName, String value) {
        return blanks() + quotedName + blanks() + ":" + blanks() + value + blanks();
    }

    /// A name in quotes, some of its letters escaped now and then.
    public String name(String plain) {
        var name = new StringBuilder("\"");
        boolean escapes = chance.onceIn(6);
        for (int i = 0; i < plain.length(); i++) {
            char letter = plain.charAt(i);
            name.append(
                    escapes && chance.onceIn(3)
                            ? String.format(chance.onceIn(2) ? "\\u%04x" : "\\u%04X", (int) letter)
                            : String.valueOf(letter));
        }
        return name.append('"').toString();
    }
}
