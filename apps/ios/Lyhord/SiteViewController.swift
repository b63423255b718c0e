import UIKit
import WebKit

/// Shows the municipality's own site and nothing else; what leads away from it opens in the browser.
///
/// The site's host is an app-bound domain (WKAppBoundDomains in Info.plist): only then does WebKit let a service worker
/// keep the form, so that it opens without a network.
final class SiteViewController: UIViewController, WKNavigationDelegate, WKUIDelegate {
    private let start: URL
    private lazy var web: WKWebView = {
        let configuration = WKWebViewConfiguration()
        configuration.limitsNavigationsToAppBoundDomains = true
        configuration.applicationNameForUserAgent = "LyhordApp/1"
        let view = WKWebView(frame: .zero, configuration: configuration)
        view.navigationDelegate = self
        view.uiDelegate = self
        view.allowsBackForwardNavigationGestures = true
        return view
    }()

    init() {
        guard let text = Bundle.main.object(forInfoDictionaryKey: "LyhordStart") as? String, let url = URL(string: text)
        else { fatalError("LyhordStart in Info.plist is no address") }
        start = url
        super.init(nibName: nil, bundle: nil)
    }

    required init?(coder: NSCoder) { nil }

    override func viewDidLoad() {
        super.viewDidLoad()
        view.backgroundColor = .systemBackground
        web.translatesAutoresizingMaskIntoConstraints = false
        view.addSubview(web)
        let safe = view.safeAreaLayoutGuide
        NSLayoutConstraint.activate([
            web.topAnchor.constraint(equalTo: safe.topAnchor),
            web.bottomAnchor.constraint(equalTo: view.bottomAnchor),
            web.leadingAnchor.constraint(equalTo: safe.leadingAnchor),
            web.trailingAnchor.constraint(equalTo: safe.trailingAnchor),
        ])
        web.load(URLRequest(url: start))
    }

    /// Go to a page of the site; false for any other.
    func open(_ url: URL) -> Bool {
        guard isOurs(url) else { return false }
        web.load(URLRequest(url: url))
        return true
    }

    private func isOurs(_ url: URL) -> Bool {
        url.scheme == "https" && url.host == start.host
    }

    func webView(
        _ webView: WKWebView,
        decidePolicyFor action: WKNavigationAction,
        decisionHandler: @escaping (WKNavigationActionPolicy) -> Void
    ) {
        guard let url = action.request.url, action.targetFrame?.isMainFrame ?? true, !isOurs(url) else {
            return decisionHandler(.allow)
        }
        UIApplication.shared.open(url) // the telephone, mail, and other sites
        decisionHandler(.cancel)
    }

    /// Links that ask for a new window stay in this one.
    func webView(
        _ webView: WKWebView,
        createWebViewWith configuration: WKWebViewConfiguration,
        for action: WKNavigationAction,
        windowFeatures: WKWindowFeatures
    ) -> WKWebView? {
        if let url = action.request.url { webView.load(URLRequest(url: url)) }
        return nil
    }

    /// The first page, when not even the service worker could show anything: asked for again when the app comes back.
    func webView(_ webView: WKWebView, didFailProvisionalNavigation navigation: WKNavigation!, withError error: Error) {
        NotificationCenter.default.addObserver(
            self, selector: #selector(again), name: UIApplication.willEnterForegroundNotification, object: nil
        )
    }

    @objc private func again() {
        NotificationCenter.default.removeObserver(self, name: UIApplication.willEnterForegroundNotification, object: nil)
        web.load(URLRequest(url: web.url ?? start))
    }

    /// Questions that pages ask, such as whether to clear the device.
    func webView(
        _ webView: WKWebView,
        runJavaScriptConfirmPanelWithMessage message: String,
        initiatedByFrame frame: WKFrameInfo,
        completionHandler: @escaping (Bool) -> Void
    ) {
        let question = UIAlertController(title: nil, message: message, preferredStyle: .alert)
        question.addAction(UIAlertAction(title: "@@NO@@", style: .cancel) { _ in completionHandler(false) })
        question.addAction(UIAlertAction(title: "@@YES@@", style: .default) { _ in completionHandler(true) })
        present(question, animated: true)
    }
}
