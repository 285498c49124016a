package com.posthog.aigateway.cli;

import picocli.CommandLine.Command;

/// Its subcommands are the reports.
@Command(
        name = "report",
        description = "Tells what the receipts in a data folder say, also while a gateway uses it.",
        mixinStandardHelpOptions = true)
final class Report {}
