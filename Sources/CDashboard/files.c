// What the page is made of. A file that is added to page/ gets a line in both lists; the tests see
// to it that none is missing. The compiler notes what is embedded: a change builds this file again.

#include "files.h"

// Clang has #embed in every version of C, and warns before C23.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char app_address_js[] = {
#embed "page/app/address.js"
};

static const unsigned char app_app_js[] = {
#embed "page/app/app.js"
};

static const unsigned char app_follow_js[] = {
#embed "page/app/follow.js"
};

static const unsigned char app_jumps_js[] = {
#embed "page/app/jumps.js"
};

static const unsigned char app_main_js[] = {
#embed "page/app/main.js"
};

static const unsigned char app_ranges_js[] = {
#embed "page/app/ranges.js"
};

static const unsigned char app_theme_js[] = {
#embed "page/app/theme.js"
};

static const unsigned char app_view_js[] = {
#embed "page/app/view.js"
};

static const unsigned char charts_axes_js[] = {
#embed "page/charts/axes.js"
};

static const unsigned char charts_chart_js[] = {
#embed "page/charts/chart.js"
};

static const unsigned char charts_cursor_js[] = {
#embed "page/charts/cursor.js"
};

static const unsigned char charts_data_table_js[] = {
#embed "page/charts/data-table.js"
};

static const unsigned char charts_hatching_js[] = {
#embed "page/charts/hatching.js"
};

static const unsigned char charts_interval_js[] = {
#embed "page/charts/interval.js"
};

static const unsigned char charts_lanes_js[] = {
#embed "page/charts/lanes.js"
};

static const unsigned char charts_paths_js[] = {
#embed "page/charts/paths.js"
};

static const unsigned char charts_readout_js[] = {
#embed "page/charts/readout.js"
};

static const unsigned char charts_requisite_plot_js[] = {
#embed "page/charts/requisite-plot.js"
};

static const unsigned char charts_scale_js[] = {
#embed "page/charts/scale.js"
};

static const unsigned char charts_source_plot_js[] = {
#embed "page/charts/source-plot.js"
};

static const unsigned char charts_sparkline_js[] = {
#embed "page/charts/sparkline.js"
};

static const unsigned char charts_time_ticks_js[] = {
#embed "page/charts/time-ticks.js"
};

static const unsigned char charts_trend_line_js[] = {
#embed "page/charts/trend-line.js"
};

static const unsigned char data_api_js[] = {
#embed "page/data/api.js"
};

static const unsigned char data_client_js[] = {
#embed "page/data/client.js"
};

static const unsigned char data_episodes_js[] = {
#embed "page/data/episodes.js"
};

static const unsigned char data_event_parser_js[] = {
#embed "page/data/event-parser.js"
};

static const unsigned char data_exact_js[] = {
#embed "page/data/exact.js"
};

static const unsigned char data_histories_js[] = {
#embed "page/data/histories.js"
};

static const unsigned char data_json_diff_js[] = {
#embed "page/data/json-diff.js"
};

static const unsigned char data_problem_js[] = {
#embed "page/data/problem.js"
};

static const unsigned char data_refresher_js[] = {
#embed "page/data/refresher.js"
};

static const unsigned char data_resource_js[] = {
#embed "page/data/resource.js"
};

static const unsigned char data_session_js[] = {
#embed "page/data/session.js"
};

static const unsigned char data_signal_js[] = {
#embed "page/data/signal.js"
};

static const unsigned char data_stream_js[] = {
#embed "page/data/stream.js"
};

static const unsigned char data_token_js[] = {
#embed "page/data/token.js"
};

static const unsigned char dom_elements_js[] = {
#embed "page/dom/elements.js"
};

static const unsigned char dom_hints_js[] = {
#embed "page/dom/hints.js"
};

static const unsigned char dom_icon_js[] = {
#embed "page/dom/icon.js"
};

static const unsigned char dom_keyed_js[] = {
#embed "page/dom/keyed.js"
};

static const unsigned char dom_replace_js[] = {
#embed "page/dom/replace.js"
};

static const unsigned char favicon_svg[] = {
#embed "page/favicon.svg"
};

static const unsigned char format_json_js[] = {
#embed "page/format/json.js"
};

static const unsigned char format_kinds_js[] = {
#embed "page/format/kinds.js"
};

static const unsigned char format_number_js[] = {
#embed "page/format/number.js"
};

static const unsigned char format_time_js[] = {
#embed "page/format/time.js"
};

static const unsigned char index_html[] = {
#embed "page/index.html"
};

static const unsigned char sections_alerts_js[] = {
#embed "page/sections/alerts.js"
};

static const unsigned char sections_change_list_js[] = {
#embed "page/sections/change-list.js"
};

static const unsigned char sections_connection_js[] = {
#embed "page/sections/connection.js"
};

static const unsigned char sections_controls_js[] = {
#embed "page/sections/controls.js"
};

static const unsigned char sections_conversions_js[] = {
#embed "page/sections/conversions.js"
};

static const unsigned char sections_coverage_js[] = {
#embed "page/sections/coverage.js"
};

static const unsigned char sections_emptiness_js[] = {
#embed "page/sections/emptiness.js"
};

static const unsigned char sections_firing_js[] = {
#embed "page/sections/firing.js"
};

static const unsigned char sections_notice_js[] = {
#embed "page/sections/notice.js"
};

static const unsigned char sections_overview_js[] = {
#embed "page/sections/overview.js"
};

static const unsigned char sections_pattern_card_js[] = {
#embed "page/sections/pattern-card.js"
};

static const unsigned char sections_patterns_js[] = {
#embed "page/sections/patterns.js"
};

static const unsigned char sections_picker_js[] = {
#embed "page/sections/picker.js"
};

static const unsigned char sections_policies_js[] = {
#embed "page/sections/policies.js"
};

static const unsigned char sections_policy_sheet_js[] = {
#embed "page/sections/policy-sheet.js"
};

static const unsigned char sections_source_card_js[] = {
#embed "page/sections/source-card.js"
};

static const unsigned char sections_sources_js[] = {
#embed "page/sections/sources.js"
};

static const unsigned char sections_token_dialog_js[] = {
#embed "page/sections/token-dialog.js"
};

static const unsigned char sections_worker_js[] = {
#embed "page/sections/worker.js"
};

static const unsigned char style_base_css[] = {
#embed "page/style/base.css"
};

static const unsigned char style_charts_css[] = {
#embed "page/style/charts.css"
};

static const unsigned char style_controls_css[] = {
#embed "page/style/controls.css"
};

static const unsigned char style_layout_css[] = {
#embed "page/style/layout.css"
};

static const unsigned char style_sections_css[] = {
#embed "page/style/sections.css"
};

static const unsigned char style_sheet_css[] = {
#embed "page/style/sheet.css"
};

static const unsigned char style_tokens_css[] = {
#embed "page/style/tokens.css"
};

#define HTML "text/html; charset=utf-8"
#define CSS "text/css; charset=utf-8"
#define SCRIPT "text/javascript; charset=utf-8"
#define SVG "image/svg+xml"
#define FILE_AT(path, type, bytes) {{path, type, bytes, sizeof bytes, NULL}, ""}

s5_embedded_file s5_embedded_files[] = {
    FILE_AT("/", HTML, index_html),
    FILE_AT("/app/address.js", SCRIPT, app_address_js),
    FILE_AT("/app/app.js", SCRIPT, app_app_js),
    FILE_AT("/app/follow.js", SCRIPT, app_follow_js),
    FILE_AT("/app/jumps.js", SCRIPT, app_jumps_js),
    FILE_AT("/app/main.js", SCRIPT, app_main_js),
    FILE_AT("/app/ranges.js", SCRIPT, app_ranges_js),
    FILE_AT("/app/theme.js", SCRIPT, app_theme_js),
    FILE_AT("/app/view.js", SCRIPT, app_view_js),
    FILE_AT("/charts/axes.js", SCRIPT, charts_axes_js),
    FILE_AT("/charts/chart.js", SCRIPT, charts_chart_js),
    FILE_AT("/charts/cursor.js", SCRIPT, charts_cursor_js),
    FILE_AT("/charts/data-table.js", SCRIPT, charts_data_table_js),
    FILE_AT("/charts/hatching.js", SCRIPT, charts_hatching_js),
    FILE_AT("/charts/interval.js", SCRIPT, charts_interval_js),
    FILE_AT("/charts/lanes.js", SCRIPT, charts_lanes_js),
    FILE_AT("/charts/paths.js", SCRIPT, charts_paths_js),
    FILE_AT("/charts/readout.js", SCRIPT, charts_readout_js),
    FILE_AT("/charts/requisite-plot.js", SCRIPT, charts_requisite_plot_js),
    FILE_AT("/charts/scale.js", SCRIPT, charts_scale_js),
    FILE_AT("/charts/source-plot.js", SCRIPT, charts_source_plot_js),
    FILE_AT("/charts/sparkline.js", SCRIPT, charts_sparkline_js),
    FILE_AT("/charts/time-ticks.js", SCRIPT, charts_time_ticks_js),
    FILE_AT("/charts/trend-line.js", SCRIPT, charts_trend_line_js),
    FILE_AT("/data/api.js", SCRIPT, data_api_js),
    FILE_AT("/data/client.js", SCRIPT, data_client_js),
    FILE_AT("/data/episodes.js", SCRIPT, data_episodes_js),
    FILE_AT("/data/event-parser.js", SCRIPT, data_event_parser_js),
    FILE_AT("/data/exact.js", SCRIPT, data_exact_js),
    FILE_AT("/data/histories.js", SCRIPT, data_histories_js),
    FILE_AT("/data/json-diff.js", SCRIPT, data_json_diff_js),
    FILE_AT("/data/problem.js", SCRIPT, data_problem_js),
    FILE_AT("/data/refresher.js", SCRIPT, data_refresher_js),
    FILE_AT("/data/resource.js", SCRIPT, data_resource_js),
    FILE_AT("/data/session.js", SCRIPT, data_session_js),
    FILE_AT("/data/signal.js", SCRIPT, data_signal_js),
    FILE_AT("/data/stream.js", SCRIPT, data_stream_js),
    FILE_AT("/data/token.js", SCRIPT, data_token_js),
    FILE_AT("/dom/elements.js", SCRIPT, dom_elements_js),
    FILE_AT("/dom/hints.js", SCRIPT, dom_hints_js),
    FILE_AT("/dom/icon.js", SCRIPT, dom_icon_js),
    FILE_AT("/dom/keyed.js", SCRIPT, dom_keyed_js),
    FILE_AT("/dom/replace.js", SCRIPT, dom_replace_js),
    FILE_AT("/favicon.svg", SVG, favicon_svg),
    FILE_AT("/format/json.js", SCRIPT, format_json_js),
    FILE_AT("/format/kinds.js", SCRIPT, format_kinds_js),
    FILE_AT("/format/number.js", SCRIPT, format_number_js),
    FILE_AT("/format/time.js", SCRIPT, format_time_js),
    FILE_AT("/sections/alerts.js", SCRIPT, sections_alerts_js),
    FILE_AT("/sections/change-list.js", SCRIPT, sections_change_list_js),
    FILE_AT("/sections/connection.js", SCRIPT, sections_connection_js),
    FILE_AT("/sections/controls.js", SCRIPT, sections_controls_js),
    FILE_AT("/sections/conversions.js", SCRIPT, sections_conversions_js),
    FILE_AT("/sections/coverage.js", SCRIPT, sections_coverage_js),
    FILE_AT("/sections/emptiness.js", SCRIPT, sections_emptiness_js),
    FILE_AT("/sections/firing.js", SCRIPT, sections_firing_js),
    FILE_AT("/sections/notice.js", SCRIPT, sections_notice_js),
    FILE_AT("/sections/overview.js", SCRIPT, sections_overview_js),
    FILE_AT("/sections/pattern-card.js", SCRIPT, sections_pattern_card_js),
    FILE_AT("/sections/patterns.js", SCRIPT, sections_patterns_js),
    FILE_AT("/sections/picker.js", SCRIPT, sections_picker_js),
    FILE_AT("/sections/policies.js", SCRIPT, sections_policies_js),
    FILE_AT("/sections/policy-sheet.js", SCRIPT, sections_policy_sheet_js),
    FILE_AT("/sections/source-card.js", SCRIPT, sections_source_card_js),
    FILE_AT("/sections/sources.js", SCRIPT, sections_sources_js),
    FILE_AT("/sections/token-dialog.js", SCRIPT, sections_token_dialog_js),
    FILE_AT("/sections/worker.js", SCRIPT, sections_worker_js),
    FILE_AT("/style/base.css", CSS, style_base_css),
    FILE_AT("/style/charts.css", CSS, style_charts_css),
    FILE_AT("/style/controls.css", CSS, style_controls_css),
    FILE_AT("/style/layout.css", CSS, style_layout_css),
    FILE_AT("/style/sections.css", CSS, style_sections_css),
    FILE_AT("/style/sheet.css", CSS, style_sheet_css),
    FILE_AT("/style/tokens.css", CSS, style_tokens_css),
};

const size_t s5_embedded_count = sizeof s5_embedded_files / sizeof s5_embedded_files[0];
